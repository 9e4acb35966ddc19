# cmake -DROOT=dir -DFILES="a/b;c" -DOUTPUT=file.cpp -DHEADER=x.hpp -P embed_folder.cmake: the files under ROOT as a table of
# name and text, `gossan::cli::embedded_files()` that HEADER declares. Byte arrays: the one form that no compiler limits.
set(arrays "")
set(rows "")
set(count 0)
foreach(name ${FILES})
  file(READ ${ROOT}/${name} bytes HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  string(APPEND arrays "const unsigned char file_${count}[] = {${bytes}};\n")
  string(APPEND rows "      {\"${name}\", {reinterpret_cast<const char*>(file_${count}), sizeof file_${count}}},\n")
  math(EXPR count "${count} + 1")
endforeach()
file(WRITE ${OUTPUT} "#include \"${HEADER}\"\n\nnamespace gossan::cli {\nnamespace {\n\n${arrays}\n}  // namespace\n\n"
                     "const std::vector<EmbeddedFile>& embedded_files() {\n  static const std::vector<EmbeddedFile> table = {\n"
                     "${rows}  };\n  return table;\n}\n\n}  // namespace gossan::cli\n")
