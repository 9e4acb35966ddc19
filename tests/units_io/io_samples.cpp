// Writes one file of every kind into the folder it is given, for numpy_reads_test.py.
#include <filesystem>
#include <limits>

#include "gossan/io.hpp"

int main(int count, char** arguments) {
  if (count != 2) return 2;
  const std::filesystem::path folder = arguments[1];
  gossan::Matrix matrix(2, 3);
  matrix << 1, -2.5, std::numeric_limits<double>::quiet_NaN(), 0, 3e300, std::numeric_limits<double>::infinity();
  gossan::write_npy(folder / "matrix.npy", matrix);
  const std::vector<gossan::Index> cube{2, 1, 2}, none{0, 3}, scalar;
  const std::vector<double> four{1, 2, 3, 4}, seven{7}, empty;
  gossan::write_npy(folder / "cube.npy", four, cube);
  gossan::write_npy(folder / "none.npy", empty, none);
  gossan::write_npy(folder / "scalar.npy", seven, scalar);
  gossan::write_npy(folder / "flags.npy", std::vector<bool>{true, false, true});
  gossan::write_npz(folder / "several.npz",
                    {{"cube", {cube, four, ""}}, {"none", {none, empty, ""}}, {"größe", {scalar, seven, ""}}});
}
