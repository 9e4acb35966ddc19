// Rows of whole numbers in bytes, multiplied as integers where the machine can.
#pragma once

#include <memory>

#include "operators/dense_rows.hpp"

namespace gossan {

std::unique_ptr<StoredRows> byte_rows(AlignedArray<Biased> data, Index count, Index length);

}  // namespace gossan
