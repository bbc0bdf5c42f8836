package io.mirrorimages.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.image.Manifest;
import io.mirrorimages.image.Reference;
import io.mirrorimages.job.save.SaveJob;
import io.mirrorimages.job.save.SaveOptions;
import io.mirrorimages.list.ImageList;
import io.mirrorimages.mirror.ImageRequest;
import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.MirrorOptions;
import io.mirrorimages.mirror.event.RunEvent;
import io.mirrorimages.naming.Destination;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.client.RegistrySettings;
import io.mirrorimages.testing.DockerRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The code of the page about the library, as it stands there, with real registries. */
@Timeout(300)
class LibraryIT {
  private static final Path PAGE = Path.of("src/site/markdown/library.md");
  private static final Path SOURCE = Path.of("src/test/java/io/mirrorimages/job/LibraryIT.java");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```java\\n(.*?)^```");

  @TempDir private Path folder;
  private final TestImages images = new TestImages();
  private final Manifest shell =
      images.image(TestImages.AMD64, images.layer("base", 5000), images.layer("shell", 5000));
  private DockerRegistry upstream;
  private DockerRegistry harbor;
  private Path list;
  private Path archive;

  @BeforeEach
  void start() throws IOException {
    upstream = DockerRegistry.open();
    harbor = DockerRegistry.open();
    archive = folder.resolve("rancher.tar");
    list = Files.writeString(folder.resolve("images.txt"), upstream.name() + "/rancher/shell:v1");
    try (Registries registries = new Registries(RegistrySettings.defaults())) {
      images.store(
          images.plan(upstream.name() + "/rancher/shell:v1", shell), registries.asTarget());
    }
  }

  @AfterEach
  void stop() {
    upstream.close();
    harbor.close();
  }

  @Test
  void savesAndLoads() throws Exception {
    JobResult saved = save(list, archive);
    JobResult loaded = load(archive, harbor.name() + "/mirror");

    assertThat(saved.isDone()).isTrue();
    assertThat(loaded.isDone()).isTrue();
    try (Registries registries = new Registries(RegistrySettings.defaults())) {
      assertThat(
              registries
                  .asTarget()
                  .resolve(Reference.parse(harbor.name() + "/mirror/rancher/shell:v1")))
          .contains(shell.digest());
    }
  }

  @Test
  void syncsAndVerifies() throws Exception {
    JobResult result = sync(list, harbor.name() + "/mirror");

    assertThat(result.isDone()).isTrue();
    assertThat(result.results()).hasSize(1);
  }

  @Test
  void verifyFindsWhatIsMissing() throws Exception {
    List<Reference> names = ImageList.read(List.of(list.toString()), System.in).references();
    List<ImageRequest> requests = Destination.parse(harbor.name()).requests(names);

    try (Registries registries = new Registries(RegistrySettings.defaults())) {
      JobResult result =
          new VerifyJob(requests, MirrorOptions.defaults(), false)
              .run(JobSource.of(registries), JobListener.NONE, Cancellation.NONE);

      assertThat(result.isDone()).isFalse();
      assertThat(result.failed()).hasSize(1);
    }
  }

  @Test
  void aListenerReceivesImagesAndHints() throws Exception {
    List<String> lines = new ArrayList<>();

    Reference name = Reference.parse("rancher/shell:v1");
    JobListener listener = print(lines::add);

    listener.on(new RunEvent.Hint("a.lan has no room"));
    listener.ended(List.of(ImageResult.unfinished(new ImageRequest(name, name))));

    assertThat(lines)
        .containsExactly("hint: a.lan has no room", "unfinished docker.io/rancher/shell:v1");
  }

  @Test
  void thePageHasThisCode() throws IOException {
    List<String> source = lines(Files.readString(SOURCE));
    Matcher blocks = BLOCK.matcher(Files.readString(PAGE));
    int seen = 0;
    while (blocks.find()) {
      List<String> block = lines(blocks.group(1));
      assertThat(source).as("the code of " + SOURCE).containsSequence(block);
      seen++;
    }
    assertThat(seen).isGreaterThanOrEqualTo(4);
  }

  private static List<String> lines(String code) {
    return code.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }

  static JobResult save(Path list, Path archive) throws Exception {
    List<Reference> names = ImageList.read(List.of(list.toString()), System.in).references();
    try (Registries registries = new Registries(RegistrySettings.defaults())) {
      SaveJob job = SaveJob.of(SaveOptions.of(archive, names));
      return job.run(JobSource.of(registries), JobListener.NONE, Cancellation.NONE);
    }
  }

  static JobResult load(Path archive, String registry) throws Exception {
    Destination destination = Destination.parse(registry);
    try (ArchiveReader reader = ArchiveReader.open(List.of(archive));
        Registries registries = new Registries(RegistrySettings.defaults())) {
      List<Reference> names = new ArchiveNames(reader, archive.toString()).named(Optional.empty());
      List<ImageRequest> requests = destination.requests(names);
      LoadJob job = new LoadJob(requests, MirrorOptions.defaults(), destination::name);
      JobTarget target = JobTarget.of(registries.asTarget());
      return job.run(JobSource.of(reader), target, JobListener.NONE, Cancellation.NONE);
    }
  }

  static JobResult sync(Path list, String registry) throws Exception {
    List<Reference> names = ImageList.read(List.of(list.toString()), System.in).references();
    List<ImageRequest> requests = Destination.parse(registry).requests(names);
    try (Registries registries = new Registries(RegistrySettings.defaults())) {
      JobTarget target = JobTarget.of(registries.asTarget());
      new SyncJob(requests, MirrorOptions.defaults())
          .run(JobSource.of(registries), target, JobListener.NONE, Cancellation.NONE);
      return new VerifyJob(requests, MirrorOptions.defaults(), true)
          .run(JobSource.of(registries), JobListener.NONE, Cancellation.NONE);
    }
  }

  static JobListener print(Consumer<String> out) {
    return event -> {
      switch (event) {
        case RunEvent.ImageEnded(ImageResult result) ->
            out.accept(result.status().label() + " " + result.request().source());
        case RunEvent.Hint hint -> out.accept("hint: " + hint.text());
        default -> {
          // Bytes, waits and retries.
        }
      }
    };
  }
}
