# `cmake --install` gives a consumer find_package(emptor) and emptor::emptor, with no trace of
# Eigen or Boost.
include(CMakePackageConfigHelpers)
install(TARGETS emptor EXPORT emptorTargets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/emptor DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT emptorTargets NAMESPACE emptor:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/emptor)
configure_package_config_file(cmake/emptorConfig.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/emptorConfig.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/emptor)
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/emptorConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/emptorConfig.cmake
  ${CMAKE_CURRENT_BINARY_DIR}/emptorConfigVersion.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/emptor)
