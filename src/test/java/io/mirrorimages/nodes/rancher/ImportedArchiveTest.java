package io.mirrorimages.nodes.rancher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.Platform;
import io.mirrorimages.image.Reference;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What K3s and RKE2 import is checked before it is made. */
class ImportedArchiveTest {
  private static final ImportedArchive K3S = new ImportedArchive(RancherDistribution.K3S);
  private static final ImportedArchive RKE2 = new ImportedArchive(RancherDistribution.RKE2);
  private static final List<Platform> ARM64 = List.of(Platform.parse("linux/arm64"));
  private static final Reference SHELL = Reference.parse("rancher/shell:v1");

  @Test
  void theFileHasItsUsualName() throws Exception {
    assertThat(K3S.fileName(ARM64.getFirst())).isEqualTo("k3s-airgap-images-arm64.tar");
    assertThat(RKE2.fileName(ARM64.getFirst())).isEqualTo("rke2-images.linux-arm64.tar");
    K3S.check(List.of(SHELL), ARM64, "k3s-airgap-images-arm64.tar");
  }

  @Test
  void nodesAreOfOnePlatform() {
    assertRefused(List.of(SHELL), List.of(), "a.tar", "one platform");
    assertRefused(
        List.of(SHELL), List.of(ARM64.getFirst(), Platform.parse("linux/amd64")), "a.tar", "once");
  }

  @Test
  void imagesAreNamedByTags() {
    Reference pinned = Reference.parse("rancher/shell:v1@sha256:" + "0".repeat(64));
    assertRefused(List.of(SHELL, pinned), ARM64, "a.tar", "stops at " + pinned);
  }

  @Test
  void theNameOfTheFileHasToEndAsTheWatcherWantsIt() {
    assertRefused(List.of(SHELL), ARM64, "a.TAR", "end in .tar");
  }

  @Test
  void aListWithoutTheRuntimeOfRke2IsNamed() {
    Reference runtime = Reference.parse("rancher/rke2-runtime:v1.33.5-rke2r1");

    assertThat(RKE2.missing(List.of(SHELL))).get().asString().contains("no rancher/rke2-runtime");
    assertThat(RKE2.missing(List.of(SHELL, runtime))).isEmpty();
    assertThat(K3S.missing(List.of(SHELL))).isEmpty();
  }

  @Test
  void theStepsNameTheFolderThePermissionsAndTheUnits() {
    assertThat(RKE2.steps("'a b.tar'"))
        .containsExactly(
            "install -D -m 0600 'a b.tar' /var/lib/rancher/rke2/agent/images/'a b.tar'",
            "systemctl restart rke2-server (agents: rke2-agent), which imports all files of that"
                + " folder");
    assertThat(K3S.steps("a.tar").getFirst()).endsWith("/var/lib/rancher/k3s/agent/images/a.tar");
  }

  @Test
  void theGuideNamesTheFolderAndTheRuntimeImage() {
    assertThat(RKE2.guide().steps()).anyMatch(step -> step.contains(RKE2.folder()));
    assertThat(RKE2.guide().remarks()).anyMatch(remark -> remark.contains("rke2-runtime"));
    assertThat(K3S.guide().remarks()).noneMatch(remark -> remark.contains("rke2-runtime"));
  }

  private static void assertRefused(
      List<Reference> images, List<Platform> platforms, String file, String message) {
    assertThatThrownBy(() -> RKE2.check(images, platforms, file))
        .isInstanceOfSatisfying(
            TransferException.class, e -> assertThat(e.reason()).isEqualTo(FailureKind.OPTION))
        .hasMessageContaining(message);
  }
}
