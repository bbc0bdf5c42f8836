/**
 * Configurations of nodes as people wrote them down, in other words and with the same effect. For
 * each one: {@code check} resolves it and says what is wrong, by name and line; and what {@code
 * nodes} writes for the same purpose has the same effect, or that of the corrected one. Effects are
 * compared by what {@code check} resolves: addresses, their order, logins, and whom a node trusts.
 *
 * <table>
 *   <caption>Situations</caption>
 *   <tr><th>system</th><th>what was written</th><th>what check finds</th><th>test</th></tr>
 *   <tr><td>Rancher, single node</td><td>public authority, login</td><td>nothing</td>
 *       <td>rancherWithAPublicAuthority</td></tr>
 *   <tr><td>Rancher, single node</td><td>the same without indentation</td><td>flattened</td>
 *       <td>theSameFileWithoutItsIndentation</td></tr>
 *   <tr><td>Rancher, single node</td><td>own authority, the server's certificate as client's</td>
 *       <td>server-certificate</td><td>rancherWithItsOwnAuthority</td></tr>
 *   <tr><td>Rancher, single node</td><td>http</td><td>system-default-http where it renames</td>
 *       <td>rancherOverHttp</td></tr>
 *   <tr><td>RKE2</td><td>rewrite of rancher/ into a project</td>
 *       <td>not-covered for other names</td><td>rke2WithARewriteIntoAProject</td></tr>
 *   <tr><td>RKE2</td><td>endpoint with the project's path</td><td>path-without-v2</td>
 *       <td>rke2WithAnEndpointInAProject</td></tr>
 *   <tr><td>RKE2</td><td>rewrites into proxy-cache projects</td>
 *       <td>unused-mirror gcr.k8s.io, not-covered</td><td>rke2WithProxyCacheProjects</td></tr>
 *   <tr><td>Harbor</td><td>a proxy-cache project by registry</td><td>nothing</td>
 *       <td>harborWithAProxyCacheForEachRegistry</td></tr>
 *   <tr><td>RKE2</td><td>system-default-registry, http</td><td>system-default-http</td>
 *       <td>rke2WithASystemDefaultRegistryOverHttp</td></tr>
 *   <tr><td>RKE2</td><td>system-default-registry, self-signed</td><td>nothing</td>
 *       <td>rke2WithASystemDefaultRegistryOverSelfSignedHttps</td></tr>
 *   <tr><td>K3s</td><td>cache and accelerator</td><td>nothing</td>
 *       <td>k3sWithACacheAndAnAccelerator</td></tr>
 *   <tr><td>K3s</td><td>login below the mirror's name</td><td>unused-auth</td>
 *       <td>k3sWithALoginBelowTheNameOfTheMirror</td></tr>
 *   <tr><td>K3s</td><td>mirror of gcr.k8s.io</td><td>unused-mirror, not-covered</td>
 *       <td>k3sWithAMirrorOfARegistryThatIsNotThere</td></tr>
 *   <tr><td>kind</td><td>registry.mirrors in patches</td><td>old-mirrors</td>
 *       <td>kindWithMirrorsInItsPatches</td></tr>
 *   <tr><td>kind</td><td>empty config_path</td><td>no-effect</td>
 *       <td>kindWithAnEmptyConfigPath</td></tr>
 *   <tr><td>containerd</td><td>hosts.toml with two mirrors</td><td>nothing</td>
 *       <td>containerdWithTwoMirrorsInHostsToml</td></tr>
 *   <tr><td>CRI-O</td><td>two mirrors</td><td>falls-back</td><td>criO</td></tr>
 *   <tr><td>Talos</td><td>registry-mirror options</td><td>nothing</td><td>talos</td></tr>
 *   <tr><td>k0s</td><td>images renamed one by one</td><td>no reader</td><td>k0s</td></tr>
 *   <tr><td>kubeadm</td><td>image-repository alone: CoreDNS is not there</td><td>no reader</td>
 *       <td>kubeadm</td></tr>
 *   <tr><td>distribution</td><td>REGISTRY_PROXY_REMOTEURL</td><td>no reader</td>
 *       <td>distribution</td></tr>
 *   <tr><td>zot</td><td>sync by polling, unverified</td><td>no reader</td><td>zot</td></tr>
 *   <tr><td>Docker</td><td>insecure-registries of registry.k8s.io</td><td>not-covered</td>
 *       <td>docker</td></tr>
 *   <tr><td>Docker</td><td>registry-mirrors of Docker Hub</td><td>nothing</td>
 *       <td>dockerWithMirrorsOfDockerHub</td></tr>
 * </table>
 */
package io.mirrorimages.cli.situation;
