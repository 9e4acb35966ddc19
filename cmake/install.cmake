# `make install`: the program, the headers, libgossan.a and what find_package(gossan) reads.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(config_dir ${CMAKE_INSTALL_LIBDIR}/cmake/gossan)

install(TARGETS gossan EXPORT gossanTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
        INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
if(GOSSAN_PROGRAM)
  install(TARGETS gossan_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/gossan DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.hpp")
install(EXPORT gossanTargets NAMESPACE gossan:: DESTINATION ${config_dir})

configure_package_config_file(cmake/gossanConfig.cmake.in ${PROJECT_BINARY_DIR}/gossanConfig.cmake
                              INSTALL_DESTINATION ${config_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/gossanConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/gossanConfig.cmake ${PROJECT_BINARY_DIR}/gossanConfigVersion.cmake
        DESTINATION ${config_dir})
install(FILES LICENSE README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
