# Flags that every target here is built with, and those of hot and cold code.
add_library(gossan_flags INTERFACE)
# Eigen must not thread its own products: how it splits them would depend on the number of threads, and so would their last bits.
target_compile_definitions(gossan_flags INTERFACE EIGEN_DONT_PARALLELIZE)
add_library(gossan_hot INTERFACE)
add_library(gossan_cold INTERFACE)
target_compile_options(gossan_cold INTERFACE $<$<CONFIG:Release>:-O1>)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  target_compile_options(gossan_cold INTERFACE -Wno-maybe-uninitialized)  # below -O2, GCC 12 guesses wrongly in Eigen's headers
  # GCC collects garbage by default whenever its heap has doubled: a tenth of the time for templates.
  target_compile_options(gossan_flags INTERFACE "SHELL:--param ggc-min-expand=300" "SHELL:--param ggc-min-heapsize=1048576")
endif()
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

# What most files read anyway, once: Eigen, fmt and the standard library. Files include what they use all the same, which builds without
# GOSSAN_JOINED hold them to.
set(gossan_common_headers <Eigen/Core> <fmt/format.h> <algorithm> <cmath> <filesystem> <functional> <limits> <memory> <optional> <span>
                          <stdexcept> <string> <utility> <vector>)
if(GOSSAN_JOINED)
  set(CMAKE_CXX_COMPILE_OPTIONS_PIE -fPIC)  # programs as libraries: GCC shares precompiled headers between like settings alone
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/common_headers.cpp CONTENT "")
endif()

# gossan_headers(SPEED libraries... HEADERS more...): the common headers as targets of this speed read them.
function(gossan_headers speed)
  cmake_parse_arguments(ARG "" "" "HEADERS" ${ARGN})
  if(GOSSAN_JOINED)
    add_library(gossan_headers_${speed} OBJECT ${PROJECT_BINARY_DIR}/common_headers.cpp)
    target_link_libraries(gossan_headers_${speed} PRIVATE gossan_flags gossan_${speed} Eigen3::Eigen fmt::fmt ${ARG_UNPARSED_ARGUMENTS})
    target_precompile_headers(gossan_headers_${speed} PRIVATE ${gossan_common_headers} ${ARG_HEADERS})
  endif()
endfunction()
gossan_headers(hot)
gossan_headers(cold nlohmann_json::nlohmann_json HEADERS <nlohmann/json.hpp>)

# gossan_speed(TARGET hot|cold): where a target's time goes. Cold is what runs once, or waits for files: compiled in half the time.
function(gossan_speed target speed)
  target_link_libraries(${target} PRIVATE gossan_${speed} fmt::fmt)  # fmt: in the common headers
  if(GOSSAN_JOINED)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${GOSSAN_JOINED})
    target_precompile_headers(${target} REUSE_FROM gossan_headers_${speed})
  endif()
endfunction()

# gossan_module(NAME [COLD] DEPENDS modules... SOURCES files... LINKS libraries...): one folder of src/ as one target. DEPENDS lists the
# modules whose headers it may include; tests/architecture_test.py holds the includes to it.
function(gossan_module name)
  cmake_parse_arguments(ARG "COLD" "" "DEPENDS;SOURCES;LINKS" ${ARGN})
  add_library(gossan_${name} OBJECT ${ARG_SOURCES})
  target_include_directories(gossan_${name} PUBLIC ${PROJECT_SOURCE_DIR}/include PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(gossan_${name} PUBLIC Eigen3::Eigen PRIVATE gossan_flags ${ARG_LINKS})
  foreach(dependency ${ARG_DEPENDS})
    target_link_libraries(gossan_${name} PUBLIC gossan_${dependency})
  endforeach()
  if(ARG_COLD)
    gossan_speed(gossan_${name} cold)
  else()
    gossan_speed(gossan_${name} hot)
  endif()
  set_property(GLOBAL APPEND PROPERTY GOSSAN_MODULES gossan_${name})
endfunction()
