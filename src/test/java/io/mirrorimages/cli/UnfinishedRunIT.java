package io.mirrorimages.cli;

import static io.mirrorimages.testing.FaultyRegistry.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.cli.process.ExitCode;
import io.mirrorimages.testing.FaultyRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a run that did not bring everything is to the next one. */
@Timeout(300)
class UnfinishedRunIT {
  @TempDir private Path folder;

  @Test
  void onlyAfterOneEveryBlobIsAskedForBeforeItIsSent() throws Exception {
    assertThat(Command.run("sample", "--output", folder.resolve("sample.tar")).exitCode()).isZero();
    try (FaultyRegistry registry = new FaultyRegistry()) {
      registry.on("PUT", "/sample-webhook/manifests/", 1, status(400, ""));
      assertThat(load(registry).exitCode()).isEqualTo(ExitCode.SOME_FAILED);
      assertThat(registry.seen("HEAD", "/blobs/")).isEmpty();
      assertThat(registry.seen("GET", "/sample-webhook/tags/list")).hasSize(1);
      int sent = registry.seen("PUT", "/blobs/").size();

      assertThat(load(registry).exitCode()).isZero();
      assertThat(registry.seen("GET", "/sample-webhook/tags/list")).hasSize(1);
      int asked = registry.seen("HEAD", "/blobs/").size();
      assertThat(registry.seen("HEAD", "/sample-webhook/blobs/")).hasSize(asked).isNotEmpty();
      assertThat(registry.seen("PUT", "/blobs/")).hasSize(sent);

      assertThat(load(registry, "--map", "^rancher/=other/").exitCode()).isZero();
      assertThat(registry.seen("GET", "/other/sample-webhook/tags/list")).hasSize(1);
      assertThat(registry.seen("HEAD", "/blobs/")).hasSize(asked);
    }
  }

  private Command load(FaultyRegistry registry, Object... options)
      throws IOException, InterruptedException {
    List<Object> arguments = new ArrayList<>(List.of("load", "--archive", "sample.tar"));
    arguments.addAll(List.of("--registry", registry.name(), "--state", folder.resolve("state")));
    arguments.addAll(List.of(options));
    return Program.in(folder).run(arguments.toArray());
  }
}
