package io.mirrorimages.cli;

import io.mirrorimages.image.Manifest;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.client.RegistrySettings;
import io.mirrorimages.testing.DockerRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A registry with images, a list of them, and commands that are run over it. */
class ListedImages implements AutoCloseable {
  private final Path folder;
  private final TestImages images = new TestImages();
  private final DockerRegistry upstream = DockerRegistry.open();
  private final List<String> names = new ArrayList<>();

  ListedImages(Path folder) throws IOException {
    this.folder = folder;
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

  /** A file of the folder that all is in. */
  Path file(String name) {
    return folder.resolve(name);
  }

  /** Any command, with a password on standard input and its files in the folder. */
  Command run(String password, List<Object> arguments, Object... more) {
    List<Object> all = new ArrayList<>(arguments);
    all.addAll(List.of(more));
    if (!all.getFirst().equals("doctor")) {
      all.addAll(List.of("--failed", folder.resolve("failed.txt")));
    }
    if (List.of("sync", "load", "doctor").contains(all.getFirst())) {
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
    upstream.close();
  }
}
