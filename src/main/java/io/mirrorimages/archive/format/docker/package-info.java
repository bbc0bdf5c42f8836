/**
 * Tars of {@code docker save} before 25 and of what writes the same: {@code DockerView} makes a
 * manifest for each image, of its config and its layers, which {@code DockerFiles} finds by name
 * and {@code DockerLayers} by digest.
 */
@NullMarked
package io.mirrorimages.archive.format.docker;

import org.jspecify.annotations.NullMarked;
