// Latitude and longitude in degrees, and points in space.
#pragma once

#include <utility>

#include "gossan/matrix.hpp"

namespace gossan::cli {

Vector on_sphere(double latitude, double longitude, double radius);  // x towards (0, 0), z towards the north pole
std::pair<double, double> latitude_longitude(const Vector& point);   // of the direction from the origin
double arc(const Vector& a, const Vector& b, double radius);         // great-circle distance of two directions

// The centre of the sphere through the rows of `points` (N x 3) by linear least squares; the centroid where they are too few or
// lie in a plane.
Vector sphere_centre(const Matrix& points);

}  // namespace gossan::cli
