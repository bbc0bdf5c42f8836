/**
 * K3s, RKE2 and Rancher: systems that read a {@code registries.yaml}, the only file by which each
 * repository can get a name of its own.
 */
@NullMarked
package io.mirrorimages.nodes.rancher;

import org.jspecify.annotations.NullMarked;
