#include "linalg/kernels/tile.hpp"

#include <hwy/highway.h>

#include "linalg/kernels/simd.hpp"

HWY_BEFORE_NAMESPACE();
namespace gossan {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Every product is built of `tall` x `wide` sums, at most 5 x wide_most; lanes go along the columns. Unrolled because compilers
// keep an array in registers only where every place in it is a constant.
constexpr std::size_t tall_most = 5;
#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_SCALAR
constexpr std::size_t wide_most = 2;  // of 16 registers
#else
constexpr std::size_t wide_most = 4;
#endif

template <class T>
using Tag = hn::ScalableTag<T>;
template <class T>
using Lanes = hn::Vec<Tag<T>>;

// The first `valid` numbers at p, and zeros.
template <class T>
HWY_ATTR HWY_INLINE Lanes<T> load(const T* p, std::size_t valid) {
  const Tag<T> d;
  return valid >= hn::Lanes(d) ? hn::LoadU(d, p) : hn::MaskedLoad(hn::FirstN(d, valid), d, p);
}

template <class T>
HWY_ATTR HWY_INLINE void store(Lanes<T> v, T* p, std::size_t valid) {
  const Tag<T> d;
  if (valid >= hn::Lanes(d))
    hn::StoreU(v, d, p);
  else
    hn::BlendedStore(v, hn::FirstN(d, valid), d, p);
}

// Z for `tall` rows of U and `wide` vectors of columns.
struct Predict {
  template <std::size_t tall, std::size_t wide, class T>
  HWY_ATTR static void run(TileSize size, std::size_t valid, const T* U, const T* V, T* Z) {
    const Tag<T> d;
    const std::size_t lanes = hn::Lanes(d);
    Lanes<T> sum[tall][wide];
    HWY_UNROLL(8)
    for (std::size_t i = 0; i < tall; ++i) {
      HWY_UNROLL(8)
      for (std::size_t c = 0; c < wide; ++c) sum[i][c] = hn::Zero(d);
    }
    for (std::size_t k = 0; k < size.r; ++k) {
      Lanes<T> v[wide];
      HWY_UNROLL(8)
      for (std::size_t c = 0; c < wide; ++c) v[c] = hn::LoadU(d, V + k * size.pitch + c * lanes);
      HWY_UNROLL(8)
      for (std::size_t i = 0; i < tall; ++i) {
        const auto u = hn::Set(d, U[i * size.r + k]);
        HWY_UNROLL(8)
        for (std::size_t c = 0; c < wide; ++c) sum[i][c] = hn::MulAdd(u, v[c], sum[i][c]);
      }
    }
    HWY_UNROLL(8)
    for (std::size_t i = 0; i < tall; ++i) {
      HWY_UNROLL(8)
      for (std::size_t c = 0; c < wide; ++c) store(sum[i][c], Z + i * size.cols + c * lanes, valid - c * lanes);
    }
  }
};

// GV for `tall` of its r rows and `wide` vectors of columns.
struct AdjointOfColumns {
  template <std::size_t tall, std::size_t wide, class T>
  HWY_ATTR static void run(TileSize size, std::size_t valid, const T* S, const T* U, T* GV) {
    const Tag<T> d;
    const std::size_t lanes = hn::Lanes(d);
    Lanes<T> sum[tall][wide];
    HWY_UNROLL(8)
    for (std::size_t k = 0; k < tall; ++k) {
      HWY_UNROLL(8)
      for (std::size_t c = 0; c < wide; ++c) sum[k][c] = hn::Zero(d);
    }
    for (std::size_t i = 0; i < size.rows; ++i) {
      Lanes<T> s[wide];
      HWY_UNROLL(8)
      for (std::size_t c = 0; c < wide; ++c) s[c] = load(S + i * size.cols + c * lanes, valid - c * lanes);
      HWY_UNROLL(8)
      for (std::size_t k = 0; k < tall; ++k) {
        const auto u = hn::Set(d, U[i * size.r + k]);
        HWY_UNROLL(8)
        for (std::size_t c = 0; c < wide; ++c) sum[k][c] = hn::MulAdd(u, s[c], sum[k][c]);
      }
    }
    HWY_UNROLL(8)
    for (std::size_t k = 0; k < tall; ++k) {
      HWY_UNROLL(8)
      for (std::size_t c = 0; c < wide; ++c) {
        T* at = GV + k * size.pitch + c * lanes;
        hn::StoreU(hn::Add(sum[k][c], hn::LoadU(d, at)), d, at);
      }
    }
  }
};

// GU for `wide` rows and `tall` of their r numbers.
struct AdjointOfRows {
  template <std::size_t tall, std::size_t wide, class T>
  HWY_ATTR static void run(TileSize size, const T* S, const T* V, double* GU) {
    const Tag<T> d;
    Lanes<T> sum[tall][wide];
    HWY_UNROLL(8)
    for (std::size_t k = 0; k < tall; ++k) {
      HWY_UNROLL(8)
      for (std::size_t i = 0; i < wide; ++i) sum[k][i] = hn::Zero(d);
    }
    for (std::size_t j = 0; j < size.cols; j += hn::Lanes(d)) {
      Lanes<T> s[wide];
      HWY_UNROLL(8)
      for (std::size_t i = 0; i < wide; ++i) s[i] = load(S + i * size.cols + j, size.cols - j);
      HWY_UNROLL(8)
      for (std::size_t k = 0; k < tall; ++k) {
        const auto v = hn::LoadU(d, V + k * size.pitch + j);
        HWY_UNROLL(8)
        for (std::size_t i = 0; i < wide; ++i) sum[k][i] = hn::MulAdd(v, s[i], sum[k][i]);
      }
    }
    HWY_UNROLL(8)
    for (std::size_t k = 0; k < tall; ++k) {
      HWY_UNROLL(8)
      for (std::size_t i = 0; i < wide; ++i) GU[i * size.r + k] += static_cast<double>(hn::GetLane(hn::SumOfLanes(d, sum[k][i])));
    }
  }
};

template <class Step, std::size_t wide, class... Arguments>
HWY_ATTR HWY_INLINE void run_tall(std::size_t tall, Arguments... arguments) {
  if (tall == 1)
    Step::template run<1, wide>(arguments...);
  else if (tall == 2)
    Step::template run<2, wide>(arguments...);
  else if (tall == 3)
    Step::template run<3, wide>(arguments...);
  else if (tall == 4)
    Step::template run<4, wide>(arguments...);
  else
    Step::template run<tall_most, wide>(arguments...);
}

// The next of the fewest and most equal parts of at most tall_most of what remains.
HWY_INLINE std::size_t next_tall(std::size_t remaining) {
  const std::size_t parts = (remaining + tall_most - 1) / tall_most;
  return (remaining + parts - 1) / parts;
}

template <class T>
HWY_ATTR void predict(TileSize size, const T* U, const T* V, T* Z) {
  const std::size_t lanes = hn::Lanes(Tag<T>());
  for (std::size_t i = 0, tall = 0; i < size.rows; i += tall) {
    tall = next_tall(size.rows - i);
    const T* u = U + i * size.r;
    T* z = Z + i * size.cols;
    std::size_t j = 0;
    for (; j + wide_most * lanes <= size.cols; j += wide_most * lanes)
      run_tall<Predict, wide_most>(tall, size, size.cols - j, u, V + j, z + j);
    for (; j < size.cols; j += lanes) run_tall<Predict, 1>(tall, size, size.cols - j, u, V + j, z + j);
  }
}

template <class T>
HWY_ATTR void adjoint(TileSize size, const T* S, const T* U, const T* V, double* GU, T* GV) {
  const std::size_t lanes = hn::Lanes(Tag<T>());
  for (std::size_t k = 0, tall = 0; k < size.r; k += tall) {
    tall = next_tall(size.r - k);
    std::size_t j = 0;
    for (; j + wide_most * lanes <= size.cols; j += wide_most * lanes)
      run_tall<AdjointOfColumns, wide_most>(tall, size, size.cols - j, S + j, U + k, GV + k * size.pitch + j);
    for (; j < size.cols; j += lanes)
      run_tall<AdjointOfColumns, 1>(tall, size, size.cols - j, S + j, U + k, GV + k * size.pitch + j);
  }
  std::size_t i = 0;
  for (std::size_t rows = 0; i < size.rows; i += rows) {
    rows = i + wide_most <= size.rows ? wide_most : 1;
    for (std::size_t k = 0, tall = 0; k < size.r; k += tall) {
      tall = next_tall(size.r - k);
      const T *s = S + i * size.cols, *v = V + k * size.pitch;
      if (rows == 1)
        run_tall<AdjointOfRows, 1>(tall, size, s, v, GU + i * size.r + k);
      else
        run_tall<AdjointOfRows, wide_most>(tall, size, s, v, GU + i * size.r + k);
    }
  }
}

// What is dispatched has a name for each type.
HWY_ATTR void tile_predict_f32(TileSize size, const float* U, const float* V, float* Z) { predict(size, U, V, Z); }
HWY_ATTR void tile_predict_f64(TileSize size, const double* U, const double* V, double* Z) { predict(size, U, V, Z); }
HWY_ATTR void tile_adjoint_f32(TileSize size, const float* S, const float* U, const float* V, double* GU, float* GV) {
  adjoint(size, S, U, V, GU, GV);
}
HWY_ATTR void tile_adjoint_f64(TileSize size, const double* S, const double* U, const double* V, double* GU, double* GV) {
  adjoint(size, S, U, V, GU, GV);
}

}  // namespace HWY_NAMESPACE
}  // namespace gossan
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gossan {

HWY_EXPORT(tile_predict_f32);
HWY_EXPORT(tile_predict_f64);
HWY_EXPORT(tile_adjoint_f32);
HWY_EXPORT(tile_adjoint_f64);

void tile_predict(TileSize size, const float* U, const float* V, float* Z) { GOSSAN_DISPATCH(tile_predict_f32)(size, U, V, Z); }
void tile_predict(TileSize size, const double* U, const double* V, double* Z) {
  GOSSAN_DISPATCH(tile_predict_f64)(size, U, V, Z);
}
void tile_adjoint(TileSize size, const float* S, const float* U, const float* V, double* GU, float* GV) {
  GOSSAN_DISPATCH(tile_adjoint_f32)(size, S, U, V, GU, GV);
}
void tile_adjoint(TileSize size, const double* S, const double* U, const double* V, double* GU, double* GV) {
  GOSSAN_DISPATCH(tile_adjoint_f64)(size, S, U, V, GU, GV);
}

}  // namespace gossan
#endif  // HWY_ONCE
