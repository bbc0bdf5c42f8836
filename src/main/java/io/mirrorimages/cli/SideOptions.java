package io.mirrorimages.cli;

import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.client.RegistrySettings;
import io.mirrorimages.registry.endpoint.Routing;
import io.mirrorimages.report.WaitLines;
import io.mirrorimages.route.Credential;
import io.mirrorimages.route.Credentials;
import io.mirrorimages.route.DockerCredentials;
import io.mirrorimages.route.EnvironmentProxy;
import io.mirrorimages.route.TlsOptions;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * How one side, source or target, is reached: credentials and TLS. The same options exist for each
 * side with its name in front; a command with one side takes them without it too.
 */
final class SideOptions {
  private final CommandSpec spec;
  private final String prefix;

  private SideOptions(CommandSpec spec, String prefix) {
    this.spec = spec;
    this.prefix = prefix;
  }

  /**
   * Adds the options of a side to a command.
   *
   * @param side {@code source} or {@code target}
   * @param onlySide whether the command has no other
   */
  static SideOptions addTo(CommandSpec spec, String side, boolean onlySide) {
    SideOptions options = new SideOptions(spec, "--" + side + "-");
    options.add(
        onlySide,
        "username",
        "NAME",
        String.class,
        "User at the registry; goes with the password option.");
    options.add(
        onlySide, "password-stdin", "", boolean.class, "Read the password from standard input.");
    options.add(
        onlySide,
        "ca-file",
        "PEM",
        Path.class,
        "Certificate authority to trust besides the system's.");
    options.add(onlySide, "cert-file", "PEM", Path.class, "Client certificate.");
    options.add(onlySide, "key-file", "PEM", Path.class, "Its key.");
    options.add(onlySide, "insecure-skip-verify", "", boolean.class, "Accept any certificate.");
    options.add(
        onlySide,
        "plain-http",
        "",
        boolean.class,
        "Use http. Loopback registries need no such word.");
    return options;
  }

  private void add(boolean onlySide, String name, String label, Class<?> type, String description) {
    String full = prefix + name;
    OptionSpec.Builder option =
        onlySide ? OptionSpec.builder("--" + name, full) : OptionSpec.builder(full);
    spec.addOption(
        option
            .type(type)
            .arity(type == boolean.class ? "0" : "1")
            .paramLabel(label)
            .description(description)
            .build());
  }

  /**
   * The registries of this side. Reads the password if it comes by standard input. The caller
   * closes them.
   *
   * @param err where long waits are told
   */
  Registries registries(RunOptions options, ListOption lists, PrintStream err) {
    return registries(options, lists, Routing.DIRECT, err);
  }

  /** The same, with other places to read images from. */
  Registries registries(RunOptions options, ListOption lists, Routing routing, PrintStream err) {
    return new Registries(
        settings(lists)
            .with(options.budgets())
            .withMaxRate(options.maxRate())
            .withWaits(new WaitLines(err, Run.isTerminal()))
            .with(options.retries())
            .with(options.timeouts()),
        routing);
  }

  /** What this side's options say, and else the defaults; reads the password as above. */
  RegistrySettings settings(ListOption lists) {
    return RegistrySettings.defaults()
        .with(
            new TlsOptions(
                path("ca-file"),
                path("cert-file"),
                path("key-file"),
                is("insecure-skip-verify"),
                is("plain-http")))
        .with(credentials(lists))
        .with(EnvironmentProxy.fromEnvironment(System.getenv()))
        .withUserAgent("mirror-images/" + Version.number());
  }

  /** Two sides can't both read their password from the one standard input. */
  static void refuseTwoPasswords(SideOptions one, SideOptions other) {
    if (one.is("password-stdin") && other.is("password-stdin")) {
      throw new UsageException(
          "only one password can come by standard input: put the other into docker's config.json"
              + " (docker login)");
    }
  }

  private Credentials credentials(ListOption lists) {
    Optional<String> username = Optional.ofNullable(value("username"));
    if (username.isPresent() != is("password-stdin")) {
      throw new UsageException(prefix + "username and " + prefix + "password-stdin go together");
    }
    if (username.isEmpty()) {
      return keptCredentials();
    }
    if (lists.readsStandardInput()) {
      throw new UsageException("standard input can't be both the list and the password");
    }
    return Credentials.fixed(new Credential(username.get(), StandardInput.password(), false));
  }

  /** What docker login and podman login left behind. */
  static Credentials keptCredentials() {
    return DockerCredentials.fromEnvironment(System.getenv(), UserHome.folder());
  }

  private Optional<Path> path(String name) {
    return Optional.ofNullable(value(name));
  }

  private boolean is(String name) {
    return Boolean.TRUE.equals(this.<Boolean>value(name));
  }

  private <T> T value(String name) {
    return spec.findOption(prefix + name).getValue();
  }
}
