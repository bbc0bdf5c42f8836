/**
 * Talos, k0s, kubeadm and minikube: distributions and installers of Kubernetes with a configuration
 * of their own above the container runtime.
 */
@NullMarked
package io.mirrorimages.nodes.kubernetes;

import org.jspecify.annotations.NullMarked;
