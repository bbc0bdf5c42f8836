package io.mirrorimages.cli.option;

import io.mirrorimages.cli.process.StandardInput;
import io.mirrorimages.cli.process.UsageException;
import io.mirrorimages.cli.process.UserHome;
import io.mirrorimages.cli.process.Version;
import io.mirrorimages.credential.Credential;
import io.mirrorimages.credential.Credentials;
import io.mirrorimages.credential.DockerCredentials;
import io.mirrorimages.failure.Side;
import io.mirrorimages.image.Reference;
import io.mirrorimages.naming.Destination;
import io.mirrorimages.registry.Registries;
import io.mirrorimages.registry.client.RegistrySettings;
import io.mirrorimages.registry.endpoint.Routing;
import io.mirrorimages.route.EnvironmentProxy;
import io.mirrorimages.tls.KeptCertificates;
import io.mirrorimages.tls.TlsOptions;
import io.mirrorimages.tls.Trust;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * How one side, source or target, is reached: credentials and TLS. The same options exist for each
 * side with its name in front; a command with one side takes them without it too. What weakens a
 * connection, or proves who asks, is for one registry: where a side has several, it names which.
 */
public final class SideOptions {
  private static final String TRUST = "--trust-token-service";
  private static final String HTTP = "--allow-http-redirect";

  private final CommandSpec spec;
  private final String prefix;
  private final Side side;

  private SideOptions(CommandSpec spec, Side side) {
    this.spec = spec;
    this.prefix = "--" + side.id() + "-";
    this.side = side;
  }

  /**
   * Adds the options of a side to a command.
   *
   * @param side the command's source or target
   * @param onlySide whether the command has no other
   */
  public static SideOptions addTo(CommandSpec spec, Side side, boolean onlySide) {
    SideOptions options = new SideOptions(spec, side);
    options.add(
        onlySide,
        "username",
        "[HOST=]NAME",
        String.class,
        "User at the registry; needs the password option. If a list names several registries, HOST"
            + " says which one.");
    options.add(
        onlySide, "password-stdin", "", boolean.class, "Read the password from standard input.");
    options.add(
        onlySide,
        "ca-file",
        "PEM",
        Path.class,
        "Certificate authority to trust besides those of the system, of docker and podman.");
    options.add(
        onlySide,
        "cert-file",
        "[HOST=]PEM",
        String[].class,
        "Client certificate; HOST as for the user.");
    options.add(
        onlySide,
        "key-file",
        "[HOST=]PEM",
        String[].class,
        "Key of the client certificate; HOST as for the user.");
    options.addSwitch(
        onlySide,
        "insecure-skip-verify",
        "Accept any certificate. HOST as for the user, or a mirror.");
    options.addSwitch(
        onlySide,
        "plain-http",
        "Use http, which loopback registries get anyway. HOST as for the user.");
    addOfBothSides(spec);
    return options;
  }

  private static void addOfBothSides(CommandSpec spec) {
    if (spec.findOption(TRUST) != null) {
      return;
    }
    spec.addOption(
        OptionSpec.builder(TRUST)
            .type(String[].class)
            .arity("1")
            .paramLabel("HOST")
            .description(
                "Send a registry's credentials to this token service too, if the registry names it."
                    + " Default: only to its own host and domain. Can be repeated.")
            .build());
    spec.addOption(
        OptionSpec.builder(HTTP)
            .type(boolean.class)
            .arity("0")
            .description(
                "Follow redirects from https to http, for content that its digest proves, and"
                    + " without credentials.")
            .build());
  }

  private void add(boolean onlySide, String name, String label, Class<?> type, String description) {
    spec.addOption(
        option(onlySide, name)
            .type(type)
            .arity(type == boolean.class ? "0" : "1")
            .paramLabel(label)
            .description(description)
            .build());
  }

  /** One that holds for the only registry there is, or for each host that is given to it. */
  private void addSwitch(boolean onlySide, String name, String description) {
    spec.addOption(
        option(onlySide, name)
            .type(String[].class)
            .arity("0..1")
            .fallbackValue(PerHost.ANY)
            .paramLabel("HOST")
            .description(description)
            .build());
  }

  private OptionSpec.Builder option(boolean onlySide, String name) {
    return onlySide
        ? OptionSpec.builder("--" + name, prefix + name)
        : OptionSpec.builder(prefix + name);
  }

  /**
   * The registries of this side. Reads the password if it comes by standard input. The caller
   * closes them.
   *
   * @param names the registries that are asked, as images name them
   */
  public Registries registries(RunOptions options, ListOption lists, Collection<String> names) {
    return new Registries(settings(options, lists, names), Routing.DIRECT);
  }

  /** The registries of the given images, with the other places to read them from. */
  public Registries registries(
      RunOptions options, ListOption lists, RouteOptions routes, List<Reference> images) {
    Routing routing = routes.routing(images, options.listeners());
    return new Registries(settings(options, lists, Destination.registries(images)), routing);
  }

  /** The same for the second side of a run; closed before {@code other}, the first one. */
  public Registries registries(
      RunOptions options, ListOption lists, Collection<String> names, Registries other) {
    return new Registries(settings(options, lists, names), other);
  }

  private RegistrySettings settings(
      RunOptions options, ListOption lists, Collection<String> names) {
    return options
        .debug()
        .shown(
            settings(lists, names)
                .with(options.budgets())
                .withMaxRate(options.maxRate())
                .reportingTo(options.listeners())
                .with(options.patience())
                .with(options.retries())
                .with(options.timeouts()));
  }

  /** What this side's options say, and else the defaults; reads the password as above. */
  public RegistrySettings settings(ListOption lists, Collection<String> names) {
    Set<String> registries = new TreeSet<>(names);
    TlsOptions general = tls(registries, TlsOptions.defaults(), "");
    return RegistrySettings.defaults()
        .with(side)
        .with(general)
        .with(trust(registries, general))
        .with(credentials(lists, registries))
        .with(EnvironmentProxy.fromEnvironment(System.getenv()))
        .withUserAgent("mirror-images/" + Version.number());
  }

  private Trust trust(Set<String> registries, TlsOptions general) {
    Map<String, TlsOptions> own = new HashMap<>();
    Set<String> hosts = new TreeSet<>();
    hosts.addAll(switched("insecure-skip-verify", registries, false).hosts());
    hosts.addAll(switched("plain-http", registries, true).hosts());
    hosts.addAll(files("cert-file", registries).hosts());
    hosts.addAll(files("key-file", registries).hosts());
    for (String host : hosts) {
      TlsOptions tls = tls(registries, general, host);
      tls.registryContext();
      own.put(host, tls);
    }
    return new Trust(
        own,
        Arrays.stream(values(TRUST))
            .map(host -> PerHost.normal(TRUST, host))
            .collect(Collectors.toSet()),
        Boolean.TRUE.equals(spec.findOption(HTTP).<Boolean>getValue()));
  }

  /** What holds for one host, or, with an empty one, for those that none is named for. */
  private TlsOptions tls(Set<String> registries, TlsOptions general, String host) {
    Optional<Path> cert =
        files("cert-file", registries).of(host).map(Path::of).or(general::certFile);
    Optional<Path> key = files("key-file", registries).of(host).map(Path::of).or(general::keyFile);
    if (cert.isPresent() != key.isPresent()) {
      throw new UsageException(
          called("cert-file") + " and " + called("key-file") + " go together: give both");
    }
    return new TlsOptions(
        path("ca-file"),
        cert,
        key,
        switched("insecure-skip-verify", registries, false).of(host).isPresent()
            || general.insecureSkipVerify(),
        switched("plain-http", registries, true).of(host).isPresent() || general.plainHttp(),
        KeptCertificates.ofUser(System.getenv(), UserHome.folder()));
  }

  private PerHost switched(String name, Set<String> registries, boolean ofTheSide) {
    return PerHost.switches(called(name), values(prefix + name), registries, ofTheSide);
  }

  private PerHost files(String name, Set<String> registries) {
    return PerHost.values(called(name), values(prefix + name), registries);
  }

  /** Two sides can't both read their password from the one standard input. */
  public static void refuseTwoPasswords(SideOptions one, SideOptions other) {
    if (one.is("password-stdin") && other.is("password-stdin")) {
      throw new UsageException(
          "only one password can come by standard input: put the other into docker's config.json"
              + " (docker login)");
    }
  }

  private Credentials credentials(ListOption lists, Set<String> registries) {
    Optional<String> given = Optional.ofNullable(value("username"));
    if (given.isPresent() != is("password-stdin")) {
      throw new UsageException(
          given.isPresent()
              ? called("username")
                  + " needs "
                  + called("password-stdin")
                  + ": the password comes by standard input; or leave it out after docker login"
              : called("password-stdin") + " needs " + called("username") + " NAME");
    }
    if (given.isEmpty()) {
      return keptCredentials();
    }
    if (lists.readsStandardInput()) {
      throw new UsageException("standard input can't be both the list and the password");
    }
    PerHost user = PerHost.values(called("username"), new String[] {given.get()}, registries);
    String host =
        user.hosts().stream().findFirst().or(() -> registries.stream().findFirst()).orElse("");
    String name = user.of(host).or(() -> user.of("")).orElse("");
    UserName.check(called("username"), name, ": the password comes by standard input");
    Credential credential = Credential.password(name, StandardInput.password());
    return Credentials.of(host, credential, keptCredentials());
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

  /** The shortest name that an option has in this command. */
  private String called(String name) {
    return option(prefix + name).shortestName();
  }

  @SuppressWarnings("TypeParameterUnusedInFormals") // As in picocli.
  private <T> T value(String name) {
    return option(prefix + name).getValue();
  }

  /** One of the side's options, which its owner has; findOption would look through all names. */
  private OptionSpec option(String name) {
    return Objects.requireNonNull(spec.optionsMap().get(name));
  }

  private String[] values(String option) {
    String[] values = option(option).getValue();
    return values == null ? new String[0] : values;
  }
}
