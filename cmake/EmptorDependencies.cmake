# Eigen and Boost are headers that only .cpp files see. They come from the system, or from the
# build requirements of the Python package (cmeel-eigen, boost-headers); nothing is fetched here.
find_package(Threads REQUIRED)

foreach(prefix IN LISTS CMAKE_PREFIX_PATH)
  if(EXISTS "${prefix}/cmeel.prefix")
    list(PREPEND CMAKE_PREFIX_PATH "${prefix}/cmeel.prefix")
  endif()
  list(APPEND emptor_boost_hints "${prefix}/boost_headers/include")
endforeach()

find_path(EMPTOR_EIGEN_INCLUDE Eigen/Core PATH_SUFFIXES eigen3 include/eigen3)
find_path(EMPTOR_BOOST_INCLUDE boost/math/special_functions/beta.hpp HINTS ${emptor_boost_hints})
if(NOT EMPTOR_EIGEN_INCLUDE OR NOT EMPTOR_BOOST_INCLUDE)
  message(FATAL_ERROR
    "emptor needs the headers of Eigen and Boost to build. On Debian or Ubuntu: "
    "apt-get install libeigen3-dev libboost-dev. With pip: cmeel-eigen boost-headers.")
endif()
