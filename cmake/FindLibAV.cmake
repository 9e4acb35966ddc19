# LibAV_INCLUDE_DIRS and AVFORMAT_LIBRARY, AVCODEC_LIBRARY, SWSCALE_LIBRARY, AVUTIL_LIBRARY: FFmpeg's libraries. They ship no CMake configuration of their own.
set(libav_required)
foreach(part avformat avcodec swscale avutil)
  string(TOUPPER ${part} PART)
  find_path(${PART}_INCLUDE_DIR lib${part}/${part}.h)
  find_library(${PART}_LIBRARY ${part})
  mark_as_advanced(${PART}_INCLUDE_DIR ${PART}_LIBRARY)
  list(APPEND libav_required ${PART}_LIBRARY ${PART}_INCLUDE_DIR)
endforeach()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibAV REQUIRED_VARS ${libav_required})

set(LibAV_INCLUDE_DIRS ${AVFORMAT_INCLUDE_DIR})
