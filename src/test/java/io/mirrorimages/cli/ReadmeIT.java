package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.client.RegistrySettings;
import io.mirrorimages.testing.DockerRegistry;
import io.mirrorimages.testing.TestImages;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs every command line of the README, and then those that only the documents, and only the
 * Chinese README has, with the built launcher in their order; each once. Only the names of
 * registries and mirrors and the absolute folders are replaced. The scripts that the README names
 * are run by CI.
 */
class ReadmeIT {
  @TempDir private Path folder;

  @Test
  void everyCommandOfTheReadmeWorks() throws Exception {
    Path program = Path.of(System.getProperty("mirror-images.command"));
    try (DockerRegistry upstream = DockerRegistry.open();
        DockerRegistry harbor = DockerRegistry.open()) {
      Files.write(
          folder.resolve("rancher-images.txt"),
          List.of(addImage(upstream, "shell"), addImage(upstream, "agent")));
      Files.write(
          folder.resolve("rancher-images-v2.10.4.txt"), List.of(addImage(upstream, "shell")));
      for (String list :
          List.of(
              "rancher-images-v2.13.2.txt", "rke2-images-all.linux-amd64.txt",
              "rke2-images.linux-amd64.txt", "k3s-images.txt")) {
        Files.copy(folder.resolve("rancher-images.txt"), folder.resolve(list));
      }
      Files.write(
          folder.resolve("rancher-images-gbk.txt"),
          List.of("# 镜像列表", "rancher/shell:v1", "rancher/agent:v1"),
          Charset.forName("GBK"));
      Files.writeString(folder.resolve("password.txt"), "secret\n");
      Files.createDirectories(folder.resolve("etc"));
      Files.copy(folder.resolve("rancher-images.txt"), folder.resolve("etc/rancher-images.txt"));

      Path node = folder.resolve("etc/rancher/rke2");
      Files.createDirectories(node);
      Files.writeString(
          node.resolve("registries.yaml"),
          "mirrors: {\"*\": {endpoint: [\"http://%s\"]}}\n".formatted(harbor.name()));

      Set<String> commands = new LinkedHashSet<>(Documents.commands(Documents.README));
      assertThat(commands).hasSizeGreaterThanOrEqualTo(15);
      for (Path document : Documents.inReadingOrder()) {
        commands.addAll(Documents.commands(document));
      }
      assertThat(commands).hasSizeGreaterThanOrEqualTo(24);
      commands.addAll(Documents.commands(Documents.CHINESE_README));
      for (String command : commands) {
        run(
            program,
            command
                .replace("harbor.example.com", harbor.name())
                .replace("https://proxy.example.com", "http://" + upstream.name())
                .replace("https://m.daocloud.io/docker.io", "http://" + upstream.name())
                .replace("rancher/shell:v0.1.24", upstream.name() + "/rancher/shell:v1")
                .replace(" /etc/rancher", " " + folder.resolve("etc/rancher"))
                .replace("/etc/mirror-images", folder.resolve("etc").toString())
                .replace("/var/lib/mirror-images", folder.toString()));
      }
    }
  }

  private void run(Path program, String command) throws IOException, InterruptedException {
    Path log = folder.resolve("command.log");
    boolean serves = command.contains(" serve ");
    // In a file, because arguments of a process have the letters of this process's locale only.
    Path script =
        Files.writeString(
            folder.resolve("command.sh"),
            "exec " + (serves ? command + " --listen 127.0.0.1:0" : command));
    ProcessBuilder builder =
        new ProcessBuilder("sh", script.toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("DOCKER_CONFIG", folder.toString());
    builder
        .environment()
        .merge("PATH", program.getParent().toString(), (old, bin) -> bin + ":" + old);
    Process process = builder.start();
    try {
      if (serves) {
        awaitText(process, log, "serving 2 images on http://127.0.0.1:");
      } else {
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).as(command).isTrue();
        assertThat(process.exitValue()).as(command + "\n" + Files.readString(log)).isZero();
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private static void awaitText(Process process, Path log, String text)
      throws IOException, InterruptedException {
    while (!Files.readString(log).contains(text)) {
      assertThat(process.waitFor(20, TimeUnit.MILLISECONDS)).as(Files.readString(log)).isFalse();
    }
  }

  private static String addImage(DockerRegistry upstream, String name) throws IOException {
    TestImages images = new TestImages();
    String full = upstream.name() + "/rancher/" + name + ":v1";
    try (Registries registries = new Registries(RegistrySettings.defaults())) {
      images.store(
          images.plan(full, images.image(TestImages.AMD64, images.layer(name, 1000))),
          registries.asTarget());
    }
    return full;
  }
}
