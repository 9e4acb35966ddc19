# gossan_soname(VARIABLE library): the name by which a program loads a shared library, such as libmatio.so.11.
function(gossan_soname variable library)
  execute_process(COMMAND ${CMAKE_READELF} -d ${library} OUTPUT_VARIABLE dynamic ERROR_QUIET)
  if(dynamic MATCHES "SONAME[^[]*\\[([^]]+)\\]")
    set(${variable} ${CMAKE_MATCH_1} PARENT_SCOPE)
  else()
    message(FATAL_ERROR "${library} is no shared library with a name of its own (SONAME): Gossan loads it when it is needed")
  endif()
endfunction()
