# cmake -DROOT=dir -DFILES="a/b;/other/c" -DNAMESPACE=gossan::x -DHEADER=x.hpp -DOUTPUT=file.cpp -P embed.cmake: files as a table of
# name and text, `NAMESPACE::embedded_files()` of NAMESPACE::EmbeddedFile, which HEADER declares. Those under ROOT are named by
# their path in it, others by their file name. Byte arrays: the one form that no compiler limits, whatever quotes or bytes a file holds.
set(arrays "")
set(rows "")
set(count 0)
foreach(file ${FILES})
  if(IS_ABSOLUTE ${file})
    set(path ${file})
    get_filename_component(name ${file} NAME)
  else()
    set(path ${ROOT}/${file})
    set(name ${file})
  endif()
  file(READ ${path} bytes HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  string(APPEND arrays "const unsigned char file_${count}[] = {${bytes}};\n")
  string(APPEND rows "      {\"${name}\", {reinterpret_cast<const char*>(file_${count}), sizeof file_${count}}},\n")
  math(EXPR count "${count} + 1")
endforeach()
file(WRITE ${OUTPUT} "#include \"${HEADER}\"\n\nnamespace ${NAMESPACE} {\nnamespace {\n\n${arrays}\n}  // namespace\n\n"
                     "const std::vector<EmbeddedFile>& embedded_files() {\n  static const std::vector<EmbeddedFile> table = {\n"
                     "${rows}  };\n  return table;\n}\n\n}  // namespace ${NAMESPACE}\n")
