package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.testing.FaultyRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Registries that are known by their names, which a proxy stands in for here. */
@Timeout(300)
class KnownRegistriesIT {
  private static final String ECR = "1.dkr.ecr.eu-west-1.amazonaws.com";
  private static final byte[] UNKNOWN =
      "{\"errors\":[{\"code\":\"NAME_UNKNOWN\"}]}".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder;

  @Test
  void repositoriesThatAreMissingAtEcrAreToldBeforeAnythingIsSent() throws Exception {
    Path archive = folder.resolve("sample.tar");
    assertThat(Command.run("sample", "--output", archive).exitCode()).isZero();
    try (FaultyRegistry registry = new FaultyRegistry()) {
      registry.on("GET", "/tags/list", e -> FaultyRegistry.respond(e, 404, UNKNOWN));
      registry.on("POST", "/uploads/", e -> FaultyRegistry.respond(e, 404, UNKNOWN));

      Command load =
          Program.in(folder)
              .after("export http_proxy=" + registry.url("/"))
              .run("load", "--archive", archive, "--registry", ECR + "/site", "--plain-http");

      assertThat(load.err()).contains(ECR + " does not have", ": create site/");
      assertThat(load.exitCode()).isNotZero();
      assertThat(load.out()).contains("create the repository first");
      assertThat(registry.seen("GET", "/api/v2.0/ping")).isEmpty();
    }
  }
}
