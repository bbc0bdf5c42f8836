package io.mirrorimages.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The real {@code podman} with its own storage below a folder of the test; nothing of it runs on.
 */
public final class Podman {
  private final Path folder;

  /** One with its storage in {@code folder}. */
  public Podman(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
    Files.writeString(folder.resolve("registries.conf"), "");
    Files.writeString(folder.resolve("auth.json"), "{}");
    Files.writeString(
        folder.resolve("policy.json"), "{\"default\":[{\"type\":\"insecureAcceptAnything\"}]}");
  }

  /** Whether it is installed and may be used here: it needs root. */
  public static boolean canRun() {
    return Tool.isInstalled("podman") && Tool.isRoot();
  }

  /** Replaces podman's {@code registries.conf}, which is empty. */
  public void registries(String text) throws IOException {
    Files.writeString(folder.resolve("registries.conf"), text);
  }

  /** Pulls an image and gives what podman printed. */
  public String pull(String... arguments) throws IOException, InterruptedException {
    List<String> all =
        new ArrayList<>(List.of("pull", "--signature-policy", folder + "/policy.json"));
    all.addAll(List.of(arguments));
    return run(all.toArray(String[]::new));
  }

  /** Runs it and gives what it printed. */
  public String run(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "podman",
                "--root=" + folder + "/root",
                "--runroot=" + folder + "/run",
                "--tmpdir=" + folder + "/tmp",
                "--storage-driver=vfs",
                "--cgroup-manager=cgroupfs",
                "--events-backend=none"));
    command.addAll(List.of(arguments));
    return Tool.run(
        command,
        Map.of(
            "CONTAINERS_REGISTRIES_CONF", folder + "/registries.conf",
            "REGISTRY_AUTH_FILE", folder + "/auth.json"));
  }
}
