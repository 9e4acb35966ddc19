// Pictures inside the page.
#pragma once

#include <string>

#include "gossan/report.hpp"

namespace gossan {

// The bytes of a PNG file of 8 bits a channel. Throws std::invalid_argument where the pixels do not go with the size.
std::string png_of(const Picture& picture);
std::string base64(const std::string& bytes);
std::string filmstrip_of(const Filmstrip& strip);  // <figure> with an <img> a picture

}  // namespace gossan
