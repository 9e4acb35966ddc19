# LIBZIP_LIBRARY and LIBZIP_INCLUDE_DIR. Debian's own libzip-config.cmake insists on command-line tools that libzip-dev does not install.
find_path(LIBZIP_INCLUDE_DIR zip.h)
find_library(LIBZIP_LIBRARY zip)
mark_as_advanced(LIBZIP_INCLUDE_DIR LIBZIP_LIBRARY)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibZip REQUIRED_VARS LIBZIP_LIBRARY LIBZIP_INCLUDE_DIR
                                  REASON_FAILURE_MESSAGE "-DGOSSAN_ZIP=OFF builds without it")
