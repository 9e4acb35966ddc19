// The kernels' work by Eigen and by plain loops: KERNEL ROWS MEASUREMENTS RANK, with KERNEL one of eigen-loop, eigen-gemv,
// naive-dense, naive-entries-f64, naive-entries-f32. Speaks the protocol of turns.py. Built with -O3 -march=native, which
// Gossan itself is not.
#include <Eigen/Dense>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <functional>
#include <iostream>
#include <random>
#include <string>
#include <vector>

namespace {

using Index = Eigen::Index;
using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Vector = Eigen::VectorXd;

double sign(double r) { return (r > 0 ? 1.0 : 0.0) - (r < 0 ? 1.0 : 0.0); }

double cpu_clock() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

void serve(const std::function<void()>& sweep, double error) {
  using Clock = std::chrono::steady_clock;
  sweep();
  std::printf("{\"residual_error\": %.3e, \"versions\": {\"Eigen\": \"%d.%d.%d\"}}\n", error, EIGEN_WORLD_VERSION,
              EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION);
  std::fflush(stdout);
  for (std::string line; std::getline(std::cin, line);) {
    const auto start = Clock::now();
    const double cpu_start = cpu_clock();
    double seconds = 0, done = 0;
    do {
      sweep();
      ++done;
      seconds = std::chrono::duration<double>(Clock::now() - start).count();
    } while (seconds < 0.03);
    std::printf("{\"seconds\": %.9e, \"cpu_seconds\": %.9e}\n", seconds / done, (cpu_clock() - cpu_start) / done);
    std::fflush(stdout);
  }
}

struct Dense {
  Matrix A, U;
  Vector y, S;
  Matrix gradient;
  Index d, n;

  Dense(Index rows, Index measurements, Index rank)
      : A(measurements, rows * rows), U(rows, rank), S(rows * rows), d(rows), n(measurements) {
    std::mt19937_64 random(1);
    std::normal_distribution<double> normal;
    for (Index k = 0; k < U.size(); ++k) U.data()[k] = normal(random);
    for (Index e = 0; e < n; ++e) {
      Eigen::Map<Matrix> each(A.row(e).data(), d, d);
      for (Index i = 0; i < d; ++i) {
        for (Index j = i; j < d; ++j) each(i, j) = each(j, i) = static_cast<double>(random() % 255) - 127;
      }
    }
    const Vector z = A * x();
    y.resize(n);
    for (Index e = 0; e < n; ++e)
      y(e) = (static_cast<double>(random() % 255) - 127) * z.norm() / std::sqrt(static_cast<double>(n)) / 500;
  }

  Vector x() const {
    Matrix X = U * U.transpose();
    return Eigen::Map<Vector>(X.data(), d * d);
  }

  double error(const Vector& z) const {
    const Vector X = x();
    double largest = 0;
    for (Index e = 0; e < n; e += std::max<Index>(1, n / 64)) {
      long double exact = 0;
      for (Index k = 0; k < d * d; ++k) exact += static_cast<long double>(A(e, k)) * X(k);
      largest = std::max(largest, std::abs(static_cast<double>(z(e) - exact)));
    }
    return largest / (z.norm() / std::sqrt(static_cast<double>(n)));
  }

  void finish() { gradient.noalias() = 2 / static_cast<double>(n) * Eigen::Map<Matrix>(S.data(), d, d) * U; }

  void eigen_loop() {
    const Vector X = x();
    S.setZero();
    for (Index e = 0; e < n; ++e) S += sign(A.row(e).dot(X) - y(e)) * A.row(e).transpose();
    finish();
  }
  void eigen_gemv() {
    const Vector w = (A * x() - y).unaryExpr(&sign);
    S.noalias() = A.transpose() * w;
    finish();
  }
  void naive() {
    const Vector X = x();
    std::fill(S.data(), S.data() + d * d, 0.0);
    for (Index e = 0; e < n; ++e) {
      const double* row = A.data() + e * d * d;
      double z = 0;
      for (Index k = 0; k < d * d; ++k) z += row[k] * X.data()[k];
      const double w = sign(z - y(e));
      for (Index k = 0; k < d * d; ++k) S.data()[k] += w * row[k];
    }
    finish();
  }
};

void dense(const std::string& kernel, Index d, Index n, Index r) {
  Dense work(d, n, r);
  const Vector z = work.A * work.x();
  const double error = work.error(z);
  if (kernel == "eigen-loop") serve([&] { work.eigen_loop(); }, error);
  if (kernel == "eigen-gemv") serve([&] { work.eigen_gemv(); }, error);
  if (kernel == "naive-dense") serve([&] { work.naive(); }, error);
}

// Sorted by rows; every entry is a dot product and two additions of a row.
template <class Real>
void entries(Index d, Index n, Index r) {
  std::mt19937_64 random(2);
  std::normal_distribution<Real> normal;
  std::vector<int> i(static_cast<std::size_t>(n)), j(i.size());
  for (auto& each : i) each = static_cast<int>(random() % static_cast<unsigned long>(d));
  for (auto& each : j) each = static_cast<int>(random() % static_cast<unsigned long>(d));
  std::sort(i.begin(), i.end());
  std::vector<Real> L(static_cast<std::size_t>(d * r)), R(L.size()), GL(L.size()), GR(L.size()), y(i.size());
  for (auto& each : L) each = normal(random);
  for (auto& each : R) each = normal(random);
  for (auto& each : y) each = normal(random);
  double largest = 0;
  for (std::size_t e = 0; e < 64 && e < i.size(); ++e) {
    Real z = 0;
    long double exact = 0;
    for (Index k = 0; k < r; ++k) {
      z += L[static_cast<std::size_t>(i[e] * r + k)] * R[static_cast<std::size_t>(j[e] * r + k)];
      exact += static_cast<long double>(L[static_cast<std::size_t>(i[e] * r + k)]) * R[static_cast<std::size_t>(j[e] * r + k)];
    }
    largest = std::max(largest, static_cast<double>(std::abs(z - exact)));
  }
  const auto sweep = [&] {
    std::fill(GL.begin(), GL.end(), Real{0});
    std::fill(GR.begin(), GR.end(), Real{0});
    const Real weight = Real{1} / static_cast<Real>(n);
    for (std::size_t e = 0; e < i.size(); ++e) {
      const Real *l = L.data() + i[e] * r, *q = R.data() + j[e] * r;
      Real *gl = GL.data() + i[e] * r, *gr = GR.data() + j[e] * r;
      Real z = 0;
      for (Index k = 0; k < r; ++k) z += l[k] * q[k];
      const Real w = (z > y[e] ? weight : Real{0}) - (z < y[e] ? weight : Real{0});
      for (Index k = 0; k < r; ++k) gl[k] += w * q[k];
      for (Index k = 0; k < r; ++k) gr[k] += w * l[k];
    }
  };
  serve(sweep, largest / std::sqrt(static_cast<double>(r)));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  const std::string kernel = argv[1];
  const Index d = std::stol(argv[2]), n = std::stol(argv[3]), r = std::stol(argv[4]);
  if (kernel == "naive-entries-f64") {
    entries<double>(d, n, r);
  } else if (kernel == "naive-entries-f32") {
    entries<float>(d, n, r);
  } else {
    dense(kernel, d, n, r);
  }
}
