// Answers beside a truth that is known, as it is in simulations: errors, after what no data say (rotation, reflection,
// translation) is taken out, and how well flags tell wrong measurements from honest ones.
#pragma once

#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "gossan/matrix.hpp"

namespace gossan {

class Operator;
struct Completed;
struct Decomposed;
struct Distances;
struct EntryModel;
struct Located;
struct LocateOptions;
struct Sensed;
struct TableRows;

// --- flags ---------------------------------------------------------------------------------------------------------------------

struct FlagRates {
  double tolerance = 0;  // a measurement farther from the true value is wrong
  Index wrong = 0, honest = 0;
  double wrong_flagged = 0, honest_flagged = 0;  // shares; NaN where there are none
};

// error: measured - true value. The tolerance is six times the honest spread, which is read from the errors themselves: their 25
// % point over .3186 (its value for N(0, 1)), then the root mean square of what lies within four spreads, until it stays. Nothing
// that was recovered takes part.
FlagRates flag_rates(std::span<const double> error, const std::vector<bool>& flagged, double least_tolerance);

// --- points --------------------------------------------------------------------------------------------------------------------

struct RigidMotion {
  Matrix Q;  // dimension x dimension, orthogonal, reflections included
  Vector t;  // x -> Q x + t
};

// x of every row moved: N x dimension.
Matrix moved(const RigidMotion& motion, const Matrix& points);

// The motion that takes the rows of `from` to those of `to` (both N x dimension, N >= 1): least squares (Kabsch 1976) on the half
// of the rows that agrees best, then on all rows within four of its scales, so that wrong points do not bend the frame.
RigidMotion align(const Matrix& from, const Matrix& to);

// Latitude and longitude in degrees, and points in space.
Vector on_sphere(double latitude, double longitude, double radius);  // x towards (0, 0), z towards the north pole
std::pair<double, double> latitude_longitude(const Vector& point);   // of the direction from the origin
double arc(const Vector& a, const Vector& b, double radius);         // great-circle distance of two directions

// The centre of the sphere through the rows of `points` (N x 3) by linear least squares; the centroid where they are too few or
// lie in a plane.
Vector sphere_centre(const Matrix& points);

struct PointErrors {
  Matrix aligned;                       // recovered points laid over the true ones; NaN where not compared
  std::vector<double> error;            // a point: distance from the true one, NaN where not compared
  double median = 0, p99 = 0, max = 0;  // NaN where none was compared
  Index compared = 0;                   // placed points of the largest rigid piece
  FlagRates flags;
};
// truth: a row a point; on the sphere in space for great-circle.
PointErrors compare(const Matrix& truth, const Distances& data, const Located& located, const LocateOptions& options);

// --- matrices ------------------------------------------------------------------------------------------------------------------

struct MatrixErrors {
  double relative_error = 0;  // |X - truth|_F / |truth|_F
  FlagRates flags;            // of the measurements; of the observed entries of a table
};
// `truth` (rows x cols) must not be zero.
MatrixErrors compare(const Matrix& truth, const Operator& A, std::span<const double> y, const Sensed& sensed);
MatrixErrors compare(const Matrix& truth, const TableRows& table, const Decomposed& found);

// |X - truth|_F / |truth|_F over the rows and columns that are known: number a is row row[a] of the truth, number b column
// col[b].
double relative_error(const Matrix& truth, std::span<const Index> row, std::span<const Index> col, const Completed& completed);

// --- predictions ---------------------------------------------------------------------------------------------------------------

// Bounds of what may be predicted.
struct ClipRange {
  double least = -std::numeric_limits<double>::infinity(), most = std::numeric_limits<double>::infinity();
};

// Values of entries (i, j) within the range, and their standard deviations; -1 as predict() has it.
struct Predictions {
  std::vector<double> mean, sd;
};
Predictions predict_within(const ClipRange& range, const EntryModel& model, std::span<const Index> i, std::span<const Index> j);

// Errors against values that took no part.
struct PredictionErrors {
  Index count = 0, unknown = 0;  // of all; of those with a row or column that no entry was of
  double rmse = 0, mae = 0;
  double coverage = 0;  // share within the 90 % interval
};
PredictionErrors compare(const Predictions& predictions, std::span<const Index> i, std::span<const Index> j,
                         std::span<const double> value);

}  // namespace gossan
