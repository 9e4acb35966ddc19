# Flags that every target here is built with.
add_library(gossan_flags INTERFACE)
target_compile_options(gossan_flags INTERFACE -Wall -Wextra -Wconversion $<$<BOOL:${GOSSAN_WERROR}>:-Werror>)
if(GOSSAN_WERROR AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  target_compile_options(gossan_flags INTERFACE -Wno-error=restrict)  # GCC 12 is wrong about "text" + string (its bug 105329)
endif()
if(GOSSAN_SANITIZE)
  # Left out is what is asked at every access to memory and takes half of the time. The address sanitizer sees null pointers and
  # objects that are too small; alignment, wrapping pointers and virtual tables are not looked at.
  target_compile_options(gossan_flags INTERFACE -fsanitize=${GOSSAN_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all
                                                -fno-sanitize=null,alignment,object-size,pointer-overflow,vptr)
  target_link_options(gossan_flags INTERFACE -fsanitize=${GOSSAN_SANITIZE})
endif()

# gossan_module(NAME DEPENDS modules... SOURCES files... LINKS libraries...): one folder of src/ as one target. DEPENDS lists the
# modules whose headers it may include; tests/architecture_test.py holds the includes to it.
function(gossan_module name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;SOURCES;LINKS" ${ARGN})
  add_library(gossan_${name} OBJECT ${ARG_SOURCES})
  target_include_directories(gossan_${name} PUBLIC ${PROJECT_SOURCE_DIR}/include PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(gossan_${name} PUBLIC Eigen3::Eigen PRIVATE gossan_flags ${ARG_LINKS})
  foreach(dependency ${ARG_DEPENDS})
    target_link_libraries(gossan_${name} PUBLIC gossan_${dependency})
  endforeach()
  set_property(GLOBAL APPEND PROPERTY GOSSAN_MODULES gossan_${name})
endfunction()
