/**
 * Trees of files with the manifests in folders by repository, as Talos and KubeKey write them:
 * {@code ManifestTree} walks through the files, {@code TaggedManifests} tells the images.
 */
@NullMarked
package io.mirrorimages.archive.format.tree;

import org.jspecify.annotations.NullMarked;
