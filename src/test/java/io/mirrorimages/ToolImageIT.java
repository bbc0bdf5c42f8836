package io.mirrorimages;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.image.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The container image that the release makes, of small file systems in place of the bundles. */
@Timeout(300)
class ToolImageIT {
  private static final Path DIST =
      Path.of(System.getProperty("mirror-images.command")).getParent().getParent();

  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private Path folder;
  private final Map<String, byte[]> files = new HashMap<>();

  /** Begins to make an image of two architectures. */
  private Process make(String work) throws IOException {
    for (String architecture : List.of("amd64", "arm64")) {
      Path root = folder.resolve(work).resolve("root-" + architecture);
      Path tool = root.resolve("opt/mirror-images");
      write(root.resolve("bin/sh"), "shell of " + architecture, true);
      write(tool.resolve("bin/mirror-images"), "#!/bin/sh", true);
      write(tool.resolve("lib/other-1.jar"), "jar", false);
      write(tool.resolve("lib/mirror-images-1.jar"), "the tool's", false);
      write(tool.resolve("runtime/bin/java"), "Java of " + architecture, true);
      Files.createDirectory(root.resolve("work"));
      Files.createDirectory(root.resolve("tmp"));
    }
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            DIST.resolve("lib") + "/*",
            "src/main/packaging/ToolImage.java",
            folder.resolve(work).toString(),
            folder.resolve(work + ".tar").toString(),
            "registry.example.com/tools/mirror-images:1",
            "1767225600",
            "org.opencontainers.image.title=mirror-images")
        .redirectErrorStream(true)
        .start();
  }

  private static void write(Path file, String content, boolean runs) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
    assertThat(file.toFile().setExecutable(runs, false)).isTrue();
  }

  private static String printed(Process process) throws Exception {
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(printed).isZero();
    return printed.strip();
  }

  private JsonNode blob(JsonNode descriptor) {
    String digest = descriptor.get("digest").stringValue();
    byte[] content = files.get("blobs/" + digest.replace(':', '/'));
    assertThat(Digest.sha256(content)).hasToString(digest);
    assertThat(descriptor.get("size").asLong()).isEqualTo(content.length);
    return JSON.readTree(content);
  }

  @Test
  void oneIndexHasBothArchitecturesAndTheSameFilesGiveTheSameBytes() throws Exception {
    Process first = make("first");
    Process second = make("second");
    String digest = printed(first);
    assertThat(printed(second)).isEqualTo(digest);
    Path tar = folder.resolve("first.tar");
    assertThat(folder.resolve("second.tar")).hasSameBinaryContentAs(tar);
    read(tar);

    JsonNode named = JSON.readTree(files.get("index.json")).at("/manifests/0");
    assertThat(named.get("digest").stringValue()).isEqualTo(digest);
    assertThat(named.at("/annotations/io.containerd.image.name").stringValue())
        .isEqualTo("registry.example.com/tools/mirror-images:1");
    JsonNode index = blob(named);
    assertThat(index.at("/annotations/org.opencontainers.image.title").stringValue())
        .isEqualTo("mirror-images");
    List<String> architectures = new ArrayList<>();
    for (JsonNode image : index.get("manifests")) {
      JsonNode manifest = blob(image);
      JsonNode config = blob(manifest.get("config"));
      architectures.add(config.get("architecture").stringValue());
      assertThat(image.at("/platform/architecture")).isEqualTo(config.get("architecture"));
      assertThat(config.at("/config/User").stringValue()).isEqualTo("65532");
      assertThat(config.at("/config/WorkingDir").stringValue()).isEqualTo("/work");
      assertThat(config.at("/config/Entrypoint/0").stringValue())
          .isEqualTo("/opt/mirror-images/bin/mirror-images");
      assertThat(config.at("/config/Labels/org.opencontainers.image.title").stringValue())
          .isEqualTo("mirror-images");
      List<List<String>> layers = new ArrayList<>();
      for (JsonNode layer : manifest.get("layers")) {
        layers.add(entries(layer.get("digest").stringValue()));
      }
      assertThat(layers).hasSize(4);
      assertThat(layers.get(0)).contains("755 0:0 bin/sh", "775 65532:0 work/", "777 0:0 tmp/");
      assertThat(layers.get(1)).contains("755 0:0 opt/mirror-images/runtime/bin/java");
      assertThat(layers.get(2)).contains("644 0:0 opt/mirror-images/lib/other-1.jar");
      assertThat(layers.get(3))
          .contains(
              "644 0:0 opt/mirror-images/lib/mirror-images-1.jar",
              "755 0:0 opt/mirror-images/bin/mirror-images");
    }
    assertThat(architectures).containsExactly("amd64", "arm64");
  }

  private void read(Path tar) throws IOException {
    try (TarArchiveInputStream in = new TarArchiveInputStream(Files.newInputStream(tar))) {
      for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        files.put(entry.getName(), in.readAllBytes());
      }
    }
  }

  private List<String> entries(String layer) throws IOException {
    List<String> entries = new ArrayList<>();
    InputStream content = new ByteArrayInputStream(files.get("blobs/" + layer.replace(':', '/')));
    try (TarArchiveInputStream in =
        new TarArchiveInputStream(new GzipCompressorInputStream(content))) {
      for (TarArchiveEntry e = in.getNextEntry(); e != null; e = in.getNextEntry()) {
        entries.add(
            "%o %d:%d %s"
                .formatted(
                    e.getMode() & 0777,
                    e.getLongUserId(),
                    e.getLongGroupId(),
                    e.getName().replaceFirst("^/", "")));
      }
    }
    return entries;
  }
}
