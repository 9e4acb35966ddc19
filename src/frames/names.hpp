// What names tell of pictures.
#pragma once

#include <filesystem>
#include <string>

namespace gossan::framing {

std::string extension(const std::filesystem::path& path);  // ".png", in small letters
bool names_image(const std::filesystem::path& path);
// As people count: "frame 9" before "frame 10". A strict order.
bool naturally_before(const std::string& a, const std::string& b);

}  // namespace gossan::framing
