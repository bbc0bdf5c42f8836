package io.mirrorimages.nodes.check.k3s;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Reference;
import io.mirrorimages.naming.Destination;
import io.mirrorimages.naming.Mapping;
import io.mirrorimages.nodes.NodeFile;
import io.mirrorimages.nodes.NodeSetup;
import io.mirrorimages.nodes.check.FindingLog;
import io.mirrorimages.nodes.rancher.RancherDistribution;
import io.mirrorimages.testing.Authority;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of {@code nodes k3s} and {@code nodes rke2} give no findings. */
class OwnFilesTest {
  private static final List<Reference> IMAGES =
      List.of(
          Reference.parse("rancher/shell:v1"),
          Reference.parse("busybox:1"),
          Reference.parse("quay.io/coreos/etcd:v3"));

  @TempDir private Path folder;

  @Test
  void theFilesOfEverySetupPass() throws Exception {
    Path authority = new Authority(folder).certificate();
    List<NodeSetup> setups = setups(authority);
    assertThat(setups).hasSizeGreaterThan(100);
    // Both systems have the same files, and so have some setups.
    Set<Object> seen = new HashSet<>();
    for (NodeSetup setup : setups) {
      for (RancherDistribution system :
          List.of(RancherDistribution.K3S, RancherDistribution.RKE2)) {
        List<NodeFile> files = system.configure(setup).files();
        if (seen.add(List.of(setup.destination(), files.stream().map(NodeFile::text).toList()))) {
          assertThat(findings(files, setup).all()).as("%s %s", system.name(), setup).isEmpty();
        }
      }
    }
  }

  private static FindingLog findings(List<NodeFile> files, NodeSetup setup) {
    String text = files.getFirst().text().replace(NodeSetup.PASSWORD, "hunter2");
    boolean disabled =
        files.stream()
            .anyMatch(file -> file.text().contains("disable-default-registry-endpoint: true"));
    FindingLog findings = new FindingLog();
    K3sRegistries read = K3sFile.parse("r.yaml", text, findings).orElseThrow();
    K3sNode.readers(read, new K3sSettings(disabled, Optional.empty()), IMAGES, findings);
    if (setup.destination().project().isEmpty()) {
      K3sSettings settings = new K3sSettings(disabled, Optional.of(setup.host()));
      List<Reference> renamed = IMAGES.stream().map(settings::renamed).toList();
      K3sNode.readers(read, settings, setup.repositories().isEmpty() ? renamed : IMAGES, findings);
    }
    return findings;
  }

  private static List<NodeSetup> setups(Path authority) {
    List<NodeSetup> setups = new ArrayList<>();
    for (String destination : List.of("h.lan", "h.lan:5000", "h.lan/proj", "localhost:5000/a/b")) {
      for (Mapping mapping :
          List.of(Mapping.FLAT, new Mapping(Mapping.Layout.RANCHER, List.of()))) {
        for (boolean listed : List.of(true, false)) {
          for (Optional<String> user : List.of(Optional.<String>empty(), Optional.of("robot$a"))) {
            for (boolean fallsBack : List.of(true, false)) {
              for (int tls = 0; tls < 4; tls++) {
                if (listed || mapping.equals(Mapping.FLAT)) {
                  setups.add(
                      new NodeSetup(
                          Destination.parse(destination).with(mapping),
                          tls == 0,
                          tls == 1 ? Optional.of(authority.toString()) : Optional.empty(),
                          tls == 2,
                          user,
                          fallsBack,
                          listed
                              ? IMAGES.stream().map(Reference::repository).toList()
                              : List.of()));
                }
              }
            }
          }
        }
      }
    }
    return setups;
  }
}
