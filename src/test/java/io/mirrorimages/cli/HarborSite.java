package io.mirrorimages.cli;

import io.mirrorimages.image.Manifest;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.RegistrySettings;
import io.mirrorimages.testing.DockerRegistry;
import io.mirrorimages.testing.TestImages;
import io.mirrorimages.testing.harbor.HarborFront;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the tests about Harbor stand on: a registry with images, a list of them, and a Harbor that
 * is to get them. Closing it fails if Harbor was sent what no client should send, or a secret went
 * elsewhere, or something was tagged before its blobs.
 */
final class HarborSite implements AutoCloseable {
  private final Path folder;
  private final TestImages images = new TestImages();
  private final DockerRegistry upstream = DockerRegistry.open();
  private final DockerRegistry behind = DockerRegistry.open();
  private final HarborFront harbor = new HarborFront(behind);
  private final List<String> names = new ArrayList<>();

  HarborSite(Path folder) throws IOException {
    this.folder = folder;
  }

  HarborFront harbor() {
    return harbor;
  }

  TestImages images() {
    return images;
  }

  /** The name of the registry that the images come from. */
  String upstream() {
    return upstream.name();
  }

  /** Adds an image of one layer of its own, with so many bytes, to the registry and the list. */
  Manifest add(String name, int size) throws IOException {
    return add(name, images.image(TestImages.AMD64, images.layer(name, size)));
  }

  /** Adds an image to the registry and the list. */
  Manifest add(String name, Manifest manifest) throws IOException {
    try (Registries registries = new Registries(RegistrySettings.defaults())) {
      images.store(images.plan(upstream.name() + "/" + name, manifest), registries.asTarget());
    }
    names.add(upstream.name() + "/" + name);
    return manifest;
  }

  /** Makes a name that is in the list another image. */
  Manifest replace(String name, Manifest manifest) throws IOException {
    names.remove(upstream.name() + "/" + name);
    return add(name, manifest);
  }

  /** The list of all images. */
  Path list() throws IOException {
    return Files.write(folder.resolve("images.txt"), names);
  }

  /** Syncs the list as the administrator. */
  Command sync(Object... more) throws IOException {
    return syncAs(HarborFront.ADMIN, HarborFront.PASSWORD, harbor.name(), more);
  }

  /** Syncs the list to {@code registry} as somebody. */
  Command syncAs(String user, String password, String registry, Object... more) throws IOException {
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                "sync",
                "--list",
                list(),
                "--registry",
                registry,
                "--target-username",
                user,
                "--target-password-stdin"));
    return run(password, arguments, more);
  }

  /** Any command, with a password on standard input and its files in the folder. */
  Command run(String password, List<Object> arguments, Object... more) {
    List<Object> all = new ArrayList<>(arguments);
    all.addAll(List.of(more));
    if (!all.getFirst().equals("doctor")) {
      all.addAll(List.of("--failed", folder.resolve("failed.txt")));
    }
    if (!all.getFirst().equals("verify")) {
      all.addAll(List.of("--state", folder.resolve("state")));
    }
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream((password + "\n").getBytes(StandardCharsets.UTF_8)));
    try {
      return Command.run(all.toArray());
    } finally {
      System.setIn(before);
    }
  }

  @Override
  public void close() {
    try (upstream;
        behind) {
      harbor.close();
      if (harbor.counts().secretsElsewhere() + harbor.counts().tagsBeforeBlobs() > 0) {
        throw new AssertionError("secrets elsewhere, or tags before blobs");
      }
    }
  }
}
