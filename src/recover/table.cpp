#include "gossan/complete.hpp"
#include "gossan/locate.hpp"
#include "gossan/recover.hpp"
#include "gossan/rpca.hpp"
#include "gossan/sense.hpp"

namespace gossan {

const std::vector<RecoveryRow>& recoveries() {
  static const std::vector<RecoveryRow> table{
      {"locate", "points from pairwise distances, some of them lies", "distances.csv (i,j,distance)",
       view(LocateOptions().fields())},
      {"sense", "a low-rank matrix from linear measurements, some of them wrong", "A.npy (n x d1 x d2) and y.npy (n)",
       view(SenseOptions().fields())},
      {"rpca", "the low-rank matrix under a table with gross errors and holes", "a table (m x n; NaN: missing)",
       view(RpcaOptions().fields())},
      {"complete", "a matrix from some of its entries: ratings, some of them bad, or low rank",
       "ratings.csv (row,col,value), .mtx, or a matrix with NaN", view(CompleteOptions().fields())},
  };
  return table;
}

}  // namespace gossan
