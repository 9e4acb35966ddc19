# MATIO_LIBRARY and MATIO_INCLUDE_DIR. matio ships no CMake configuration of its own.
find_path(MATIO_INCLUDE_DIR matio.h)
find_library(MATIO_LIBRARY matio)
mark_as_advanced(MATIO_INCLUDE_DIR MATIO_LIBRARY)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Matio REQUIRED_VARS MATIO_LIBRARY MATIO_INCLUDE_DIR
                                  REASON_FAILURE_MESSAGE "-DGOSSAN_MATIO=OFF builds without it")
