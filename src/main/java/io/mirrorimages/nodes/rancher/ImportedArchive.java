package io.mirrorimages.nodes.rancher;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.TransferException;
import io.mirrorimages.image.DockerHub;
import io.mirrorimages.image.Platform;
import io.mirrorimages.image.Reference;
import io.mirrorimages.nodes.NodeConfiguration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * An archive that K3s or RKE2 import when they start, without any registry. They read an image
 * layout in a tar by containerd, which takes images by their names; RKE2 looks for its own runtime
 * image before that, in {@code manifest.json}. An archive of ours is both.
 *
 * @param of who imports it
 */
public record ImportedArchive(RancherDistribution of) {
  private static final String RUNTIME = "rancher/rke2-runtime";
  private static final String ENDING = ".tar";

  /** The folder on a node, without a slash at its end. */
  public String folder() {
    return "/var/lib/rancher/" + of.name() + "/agent/images";
  }

  /** What such a file is usually called. */
  public String fileName(Platform platform) {
    return of.equals(RancherDistribution.K3S)
        ? "k3s-airgap-images-" + platform.architecture() + ENDING
        : "rke2-images." + platform.os() + "-" + platform.architecture() + ENDING;
  }

  /**
   * Refuses what would be imported otherwise than it is meant, or not at all.
   *
   * @param images what the archive is to have
   * @param platforms those that are taken of each image; empty for all
   * @param file name of the archive's file
   * @throws TransferException {@link FailureKind#OPTION} with what to change
   */
  public void check(List<Reference> images, List<Platform> platforms, String file)
      throws TransferException {
    if (platforms.size() != 1) {
      throw refusal(
          "an archive for "
              + of.title()
              + " is for nodes of one platform: add "
              + Setting.PLATFORM
              + " linux/amd64, or what the nodes are, once");
    }
    if (!file.endsWith(ENDING)) {
      throw refusal(
          of.title() + " imports files whose names end in " + ENDING + ": name it so, not " + file);
    }
    for (Reference image : images) {
      if (image.digest().isPresent()) {
        throw refusal(
            of.title()
                + " imports images by their tags, and stops at "
                + image
                + ": write it without the digest, or leave it out");
      }
    }
  }

  private static TransferException refusal(String message) {
    return new TransferException(FailureKind.OPTION, message);
  }

  /**
   * What to do with the archive on a node, in the order in which it is done.
   *
   * @param file its file, as one word of a shell
   */
  public List<String> steps(String file) {
    return List.of(
        "install -D -m 0600 %s %s/%s".formatted(file, folder(), file),
        "systemctl restart %s (agents: %s), which imports all files of that folder"
            .formatted(of.serverUnit(), of.agentUnit()));
  }

  /** What nodes will pull all the same, in one line; empty if it is nothing known. */
  public Optional<String> missing(Collection<Reference> images) {
    return needsRuntime() && images.stream().noneMatch(ImportedArchive::isRuntime)
        ? Optional.of(
            "no %s in the list: RKE2 pulls that image from a registry at its first start"
                .formatted(RUNTIME))
        : Optional.empty();
  }

  private boolean needsRuntime() {
    return of.equals(RancherDistribution.RKE2);
  }

  private static boolean isRuntime(Reference image) {
    return image.repository().registry().equals(DockerHub.NAME)
        && image.repository().path().equals(RUNTIME);
  }

  /** How such archives are used. */
  public NodeConfiguration guide() {
    List<String> steps = new ArrayList<>();
    steps.add(
        "Make the archive: mirror-images save, for "
            + of.name()
            + " and the platform of the nodes.");
    steps.add(
        "Put it on each node, as root, under any name that ends in .tar: `install -D -m 0600 ARCHIVE.tar %s/ARCHIVE.tar`"
            .formatted(folder()));
    steps.add(
        "Start or restart: `systemctl restart %s` (agents: `systemctl restart %s`). From v1.29.13, v1.30.9, v1.31.5 and v1.32.0 on a running node imports new files by itself."
            .formatted(of.serverUnit(), of.agentUnit()));
    steps.add("Check: `%s images` lists the images under their names.".formatted(of.crictl()));
    List<String> remarks = new ArrayList<>();
    remarks.add(
        "All files of the folder are imported again at each start. From v1.30.13, v1.31.9, v1.32.5"
            + " and v1.33.1 on, `touch "
            + folder()
            + "/.cache.json` makes it skip those whose path, size and time are unchanged.");
    remarks.add(
        "Helm charts and other artifacts are no container images: save leaves them out of such an"
            + " archive, and names them.");
    remarks.add(
        "A file has whole images of one platform, with tags. Archives in volumes, and deltas, are"
            + " loaded into a registry instead.");
    if (needsRuntime()) {
      remarks.add(
          "RKE2 looks for docker.io/rancher/rke2-runtime, with the tag of its version, in these"
              + " files first: it has to be in the list under this name.");
      remarks.add(
          "If the folder has any file other than .txt and .json, RKE2 writes no lists of images to"
              + " pull: the archive needs all of rke2-images-core and of the network plugin.");
    }
    remarks.add("What is in no file is pulled, as registries.yaml says.");
    return new NodeConfiguration(List.of(), steps, remarks);
  }
}
