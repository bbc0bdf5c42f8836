package io.mirrorimages.sample;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import io.mirrorimages.image.ErrorWords;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * Makes container images with Jib, from scratch and off line. Of its result the config and the
 * layer tars are kept; the layers are compressed again, since the bytes of Jib's gzip depend on the
 * machine's zlib (the config names layers by their tars, so it stays right). Used by one thread.
 */
final class ImageMaker implements AutoCloseable {
  private final Path folder;
  private final ExecutorService threads = Executors.newFixedThreadPool(2);
  private int made;

  /** The files of one layer: their paths in the image, and contents. */
  record Layer(String name, Map<String, byte[]> files) {}

  /** Works in a temporary folder of its own. */
  ImageMaker() throws IOException {
    this.folder = Files.createTempDirectory("mirror-images-sample");
  }

  /** An image of {@code layers} for linux on {@code architecture}. */
  ContainerImage make(String architecture, List<Layer> layers) throws IOException {
    Path tar = folder.resolve("image-" + ++made + ".tar");
    JibContainerBuilder builder =
        Jib.fromScratch()
            .setPlatforms(Set.of(new Platform(architecture, "linux")))
            .setCreationTime(Instant.EPOCH);
    for (Layer layer : layers) {
      builder.addFileEntriesLayer(entries(layer));
    }
    containerize(builder, tar);
    return read(tar);
  }

  private FileEntriesLayer entries(Layer layer) throws IOException {
    FileEntriesLayer.Builder entries = FileEntriesLayer.builder().setName(layer.name());
    for (Map.Entry<String, byte[]> file : layer.files().entrySet()) {
      Path content = Files.write(Files.createTempFile(folder, "file", ""), file.getValue());
      entries.addEntry(
          content,
          AbsoluteUnixPath.get(file.getKey()),
          FilePermissions.DEFAULT_FILE_PERMISSIONS,
          Instant.EPOCH);
    }
    return entries.build();
  }

  private void containerize(JibContainerBuilder builder, Path tar) throws IOException {
    try {
      builder.containerize(
          Containerizer.to(TarImage.at(tar).named("sample"))
              .setOfflineMode(true)
              .setExecutorService(threads)
              .setToolName("mirror-images")
              .setBaseImageLayersCache(folder.resolve("base"))
              .setApplicationLayersCache(folder.resolve("layers")));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a sample image was made");
    } catch (ExecutionException
        | RegistryException
        | CacheDirectoryCreationException
        | InvalidImageReferenceException e) {
      throw new IOException("a sample image could not be made: " + ErrorWords.of(e), e);
    }
  }

  private static ContainerImage read(Path tar) throws IOException {
    Map<String, byte[]> files = new HashMap<>();
    try (TarArchiveInputStream in = new TarArchiveInputStream(Files.newInputStream(tar))) {
      for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        files.put(entry.getName(), in.readAllBytes());
      }
    }
    JsonNode manifest = new ObjectMapper().readTree(files.get("manifest.json")).get(0);
    List<byte[]> layers = new ArrayList<>();
    for (JsonNode layer : manifest.get("Layers")) {
      byte[] packed = files.get(layer.asString());
      try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
        layers.add(StoredGzip.of(in.readAllBytes()));
      }
    }
    return new ContainerImage(
        Objects.requireNonNull(files.get(manifest.get("Config").asString())), List.copyOf(layers));
  }

  /** Ends its threads and removes its folder. */
  @Override
  public void close() throws IOException {
    threads.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
