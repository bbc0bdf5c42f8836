/**
 * The {@code registries.yaml} of K3s and RKE2, which two programs read in two ways: containerd, by
 * the {@code hosts.toml} that the agent writes, for the pulls of the kubelet; and the client of the
 * bootstrap, for the runtime image and the system agent's installers.
 *
 * <pre>
 *   registries.yaml -> K3sFile -> K3sRegistries -> KubeletPulls   (NodeReader)
 *                                      |        -> BootstrapPulls (NodeReader)
 *                                      +-> K3sLint -> FindingLog
 * </pre>
 */
@NullMarked
package io.mirrorimages.nodes.check.k3s;

import org.jspecify.annotations.NullMarked;
