// Where numbers lie is nobody's business but the reader's: matrices from C order, Fortran order, a part of a larger array or one
// that is read backwards give the same bits, in every storage and streamed.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "gossan/io.hpp"
#include "gossan/operators.hpp"
#include "gossan/random.hpp"
#include "io/npy.hpp"
#include "reference/agreement.hpp"
#include "temporary_folder.hpp"

namespace gossan {
namespace {

struct Swept {
  Vector z;
  Matrix GL, GR;
  bool operator==(const Swept& other) const { return z == other.z && GL == other.GL && GR == other.GR; }
};

Swept swept(const Operator& A) {
  const Matrix L = normal_matrix(A.rows(), 2, Random(2, 1)), R = normal_matrix(A.cols(), 2, Random(2, 2));
  Swept out{Vector(A.measurements()), {}, {}};
  const auto judge = [&](Index first, std::span<double> z) {
    std::copy(z.begin(), z.end(), out.z.data() + first);
    weigh(first, z);
  };
  A.sweep(L, R, judge, &out.GL, &out.GR);
  return out;
}

// Number k of matrix e is at start[e step_e + k step_k].
ReadRows strided(const double* start, Index step_e, Index step_k, Index whole) {
  return [=](Index first, std::span<double> out) {
    for (std::size_t at = 0; at < out.size(); ++at) {
      const Index e = first + static_cast<Index>(at) / whole, k = static_cast<Index>(at) % whole;
      out[at] = start[e * step_e + k * step_k];
    }
  };
}

// The same numbers, n x whole, in several places.
struct Layouts {
  Layouts(Index n, Index whole) : c_order((20 * normal_matrix(n, whole, Random(1, 0))).array().round().max(-60).min(60) * 2) {
    fortran = c_order;
    larger = Matrix::Constant(2 * n + 1, 3 * whole + 2, 1e9);
    for (Index e = 0; e < n; ++e)
      for (Index k = 0; k < whole; ++k) larger(2 * e + 1, 3 * k + 2) = c_order(e, k);
    backwards = c_order.reverse();
  }
  ReadRows plain() const { return strided(c_order.data(), c_order.cols(), 1, c_order.cols()); }
  std::vector<std::pair<std::string, ReadRows>> others() const {
    const Index n = c_order.rows(), whole = c_order.cols();
    return {{"Fortran order", strided(fortran.data(), 1, n, whole)},
            {"a part of a larger array", strided(&larger(1, 2), 2 * larger.cols(), 3, whole)},
            {"backwards", strided(backwards.data() + backwards.size() - 1, -whole, -1, whole)}};
  }

  Matrix c_order, larger, backwards;
  Eigen::MatrixXd fortran;
};

TEST(DenseLayout, TheSameBitsFromAnyPlace) {
  for (const Index n : counts)
    for (const Index d : {1, 2, 3, 17}) {
      const Layouts layouts(n, d * d);
      for (const Storage storage : {Storage::f64, Storage::f32, Storage::f16, Storage::bf16, Storage::i8})
        for (const bool symmetric : {false, true}) {
          const DenseOptions options{.storage = storage, .symmetric = symmetric};
          const Swept wanted = swept(*dense(layouts.plain(), n, d, d, options));
          for (const auto& [name, read] : layouts.others())
            EXPECT_TRUE(swept(*dense(read, n, d, d, options)) == wanted)
                << name << ": " << n << " of " << d << ", " << to_string(storage) << (symmetric ? " symmetric" : "");
        }
    }
}

TEST(DenseLayout, TheSameBitsOfLargeAndStreamedMatricesFromAnyPlace) {
  for (const auto& [n, rows, cols] :
       {std::tuple{Index{65}, Index{64}, Index{65}}, std::tuple{Index{17}, Index{200}, Index{65}}}) {
    const Layouts layouts(n, rows * cols);
    const Index limit = 20 * (rows * cols + 1) * Index{sizeof(double)};
    const Swept held = swept(*dense(layouts.plain(), n, rows, cols)),
                wanted = swept(*streamed(layouts.plain(), n, rows, cols, limit));
    for (const auto& [name, read] : layouts.others()) {
      EXPECT_TRUE(swept(*dense(read, n, rows, cols)) == held) << name;
      EXPECT_TRUE(swept(*streamed(read, n, rows, cols, limit)) == wanted) << name;
    }
  }
}

// As NumPy writes an array n x rows x cols whose first index runs fastest.
void write_fortran(const std::filesystem::path& file, const Matrix& data, Index rows, Index cols) {
  std::string preamble = npy_preamble("f8", std::vector<Index>{data.rows(), rows, cols});
  const std::string from = "'fortran_order': False", to = "'fortran_order': True ";
  preamble.replace(preamble.find(from), from.size(), to);
  std::ofstream out(file, std::ios::binary);
  out << preamble;
  for (Index b = 0; b < cols; ++b)
    for (Index a = 0; a < rows; ++a)
      for (Index e = 0; e < data.rows(); ++e) {
        const double value = data(e, a * cols + b);
        out.write(reinterpret_cast<const char*>(&value), sizeof value);
      }
}

TEST(DenseLayout, TheSameBitsFromFilesInEitherOrder) {
  const TemporaryFolder folder;
  for (const Index n : counts)
    for (const Size& size : sizes) {
      const Matrix data = normal_matrix(n, size.rows * size.cols, Random(3, 0));
      const std::vector<Index> shape = {n, size.rows, size.cols};
      write_npy(folder / "c.npy", {data.data(), static_cast<std::size_t>(data.size())}, shape);
      write_fortran(folder / "fortran.npy", data, size.rows, size.cols);
      const Array c = read_npy(folder / "c.npy"), fortran = read_npy(folder / "fortran.npy");
      ASSERT_EQ(fortran.shape, shape);
      ASSERT_EQ(fortran.values, c.values);
      const RowFile rows(folder / "c.npy");
      const auto from_file = [&](Index first, std::span<double> out) { rows.read(first, out); };
      const Swept wanted = swept(*dense(c.values, n, size.rows, size.cols));
      EXPECT_TRUE(swept(*dense(fortran.values, n, size.rows, size.cols)) == wanted);
      const ReadRows from_memory = strided(data.data(), data.cols(), 1, data.cols());
      EXPECT_TRUE(swept(*dense(from_file, n, size.rows, size.cols)) == swept(*dense(from_memory, n, size.rows, size.cols)));
    }
}

}  // namespace
}  // namespace gossan
