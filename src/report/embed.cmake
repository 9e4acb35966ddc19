# cmake -DFILES="a;b" -DOUTPUT=assets.cpp -P embed.cmake: for a file chart.min.js, the function gossan::assets::chart_min_js() that
# assets.hpp declares. Byte arrays: the one form that no compiler limits, whatever quotes or bytes the file holds.
set(code "#include \"report/assets.hpp\"\n\nnamespace gossan::assets {\n")
foreach(file ${FILES})
  get_filename_component(name ${file} NAME)
  string(MAKE_C_IDENTIFIER ${name} name)
  file(READ ${file} bytes HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  string(APPEND code "static const unsigned char ${name}_bytes[] = {${bytes}};\n"
                     "std::string_view ${name}() {\n"
                     "  return {reinterpret_cast<const char*>(${name}_bytes), sizeof ${name}_bytes};\n}\n")
endforeach()
file(WRITE ${OUTPUT} "${code}}  // namespace gossan::assets\n")
