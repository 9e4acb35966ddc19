# An install tree is enough to build against, and a project may have Gossan as a part: there nothing is built or installed that it did not ask for.
function(must)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT code EQUAL 0)
    message(FATAL_ERROR "${ARGN}\nended with ${code}:\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${WORK})
must(${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/prefix)
must(${CMAKE_COMMAND} -S ${SOURCE}/examples/consumer -B ${WORK}/build -G Ninja -DCMAKE_CXX_COMPILER=${COMPILER}
     -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH=${WORK}/prefix)
must(${CMAKE_COMMAND} --build ${WORK}/build)
must(${WORK}/build/consumer)
message("${output}")
must(${WORK}/prefix/bin/gossan --version)
message("${output}")

# Configured only: scripts/lean.sh builds and runs it.
must(${CMAKE_COMMAND} -S ${SOURCE}/tests/consumer/subproject -B ${WORK}/subproject -G Ninja -DCMAKE_CXX_COMPILER=${COMPILER})
must(${CMAKE_COMMAND} --install ${WORK}/subproject --prefix ${WORK}/nothing)
if(EXISTS ${WORK}/nothing)
  message(FATAL_ERROR "A project that has Gossan as a part installs Gossan, too")
endif()
