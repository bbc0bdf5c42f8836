import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Makes the container image of the tool with Jib, from scratch and without Docker: {@code java
 * ToolImage.java WORK OUTPUT NAME EPOCH_SECONDS LABEL=VALUE...}. For each folder {@code
 * WORK/root-ARCH}, a file system with the tool in {@code opt/mirror-images}, there is a manifest in
 * one index. Equal files give equal bytes. Part of the release, not of the tool.
 */
final class ToolImage {
  /** As others call their user without rights; a number, so that Kubernetes can check it. */
  private static final String USER = "65532";

  private static final String HOME = "/work";
  private static final String TOOL = "/opt/mirror-images";
  private static final String ROOT_PREFIX = "root-";

  /** Which files go into which layer: what changes least comes first, and is shared longest. */
  private static final Map<String, Predicate<String>> LAYERS =
      new TreeMap<>(
          Map.of(
              "1 base", path -> !path.startsWith(TOOL),
              "2 Java", path -> path.startsWith(TOOL + "/runtime"),
              "3 libraries", path -> path.matches(TOOL + "/lib/(?!mirror-images)[^/]*\\.jar"),
              "4 tool", path -> true));

  private final Path work;
  private final String name;
  private final Instant time;
  private final Map<String, String> labels;

  private ToolImage(Path work, String name, Instant time, Map<String, String> labels) {
    this.work = work;
    this.name = name;
    this.time = time;
    this.labels = labels;
  }

  public static void main(String[] arguments) throws Exception {
    Map<String, String> labels = new TreeMap<>();
    for (String label : List.of(arguments).subList(4, arguments.length)) {
      labels.put(label.substring(0, label.indexOf('=')), label.substring(label.indexOf('=') + 1));
    }
    Instant time = Instant.ofEpochSecond(Long.parseLong(arguments[3]));
    Path work = Path.of(arguments[0]);
    ToolImage image = new ToolImage(work, arguments[2], time, labels);
    ImageIndexTar index = new ImageIndexTar(image.name, time, labels);
    for (Path root : image.roots()) {
      index.add(image.make(root));
    }
    System.out.println(index.writeTo(Path.of(arguments[1])));
  }

  private List<Path> roots() throws IOException {
    try (Stream<Path> folders = Files.list(work)) {
      return folders
          .filter(folder -> folder.getFileName().toString().startsWith(ROOT_PREFIX))
          .sorted()
          .toList();
    }
  }

  /** Makes the image of one architecture, and gives its tar, an OCI layout. */
  private Path make(Path root) throws Exception {
    String architecture = root.getFileName().toString().substring(ROOT_PREFIX.length());
    JibContainerBuilder builder =
        Jib.fromScratch()
            .setFormat(ImageFormat.OCI)
            .setPlatforms(Set.of(new Platform(architecture, "linux")))
            .setCreationTime(time)
            .setLabels(labels)
            .setUser(USER)
            .setWorkingDirectory(AbsoluteUnixPath.get(HOME))
            .setEnvironment(new TreeMap<>(Map.of("PATH", TOOL + "/bin:/bin", "HOME", HOME)))
            .setEntrypoint(TOOL + "/bin/mirror-images");
    List<Path> files;
    try (Stream<Path> all = Files.walk(root)) {
      files = new ArrayList<>(all.filter(file -> !file.equals(root)).sorted().toList());
    }
    for (Map.Entry<String, Predicate<String>> layer : LAYERS.entrySet()) {
      FileEntriesLayer.Builder entries = FileEntriesLayer.builder().setName(layer.getKey());
      for (Path file : List.copyOf(files)) {
        String path = "/" + root.relativize(file);
        if (layer.getValue().test(path)) {
          files.remove(file);
          entries.addEntry(
              file, AbsoluteUnixPath.get(path), permissions(file, path), time, owner(path));
        }
      }
      builder.addFileEntriesLayer(entries.build());
    }
    Path tar = work.resolve("image-" + architecture + ".tar");
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      builder.containerize(
          Containerizer.to(TarImage.at(tar).named(name))
              .setOfflineMode(true)
              .setExecutorService(threads)
              .setToolName("mirror-images")
              .setBaseImageLayersCache(work.resolve("base-layers"))
              .setApplicationLayersCache(work.resolve("layers")));
    }
    return tar;
  }

  /** Any user can run it: those that Kubernetes makes up are of the group 0. */
  private static FilePermissions permissions(Path file, String path) {
    return FilePermissions.fromOctalString(
        switch (path) {
          case "/tmp" -> "777";
          case HOME -> "775";
          default -> Files.isDirectory(file) || Files.isExecutable(file) ? "755" : "644";
        });
  }

  private static String owner(String path) {
    return path.equals(HOME) ? USER + ":0" : "0:0";
  }
}
