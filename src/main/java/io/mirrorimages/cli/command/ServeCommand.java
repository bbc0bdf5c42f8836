package io.mirrorimages.cli.command;

import io.mirrorimages.archive.read.ArchiveReader;
import io.mirrorimages.cli.option.ArchiveOption;
import io.mirrorimages.cli.option.ImageNameOption;
import io.mirrorimages.cli.process.ExitCode;
import io.mirrorimages.cli.process.OutOfMemory;
import io.mirrorimages.cli.process.StandardInput;
import io.mirrorimages.cli.process.StopSignal;
import io.mirrorimages.cli.process.UsageException;
import io.mirrorimages.report.Units;
import io.mirrorimages.report.line.Console;
import io.mirrorimages.serve.ArchiveServer;
import io.mirrorimages.serve.Passwords;
import io.mirrorimages.serve.ServerOptions;
import io.mirrorimages.tls.CertifiedKey;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** An archive as a registry to pull from. */
@Command(
    name = "serve",
    description = "Serve an archive as a read-only registry, until interrupted.",
    mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
  private final PrintStream out;
  private final PrintStream err;

  @Mixin private ArchiveOption archive;

  @Mixin private ImageNameOption imageName;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:5000",
      description =
          "Where to listen; PORT alone is on this machine only, and port 0 takes a free one"
              + " (default: ${DEFAULT-VALUE}).")
  private String listen;

  @Option(
      names = "--tls-cert",
      paramLabel = "PEM",
      description = "The server's certificate, with its chain: turns https on.")
  private Path tlsCert;

  @Option(
      names = "--tls-key",
      paramLabel = "PEM",
      description = "The certificate's key, not encrypted.")
  private Path tlsKey;

  @Option(
      names = "--htpasswd",
      paramLabel = "FILE",
      description = "Who may pull, as htpasswd -B writes it (bcrypt).")
  private Path htpasswd;

  @Option(
      names = "--username",
      paramLabel = "NAME",
      description = "The one user who may pull; needs the password option.")
  private String username;

  @Option(names = "--password-stdin", description = "Read the password from standard input.")
  private boolean passwordStdin;

  ServeCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() throws IOException {
    InetSocketAddress address = address();
    ServerOptions options = options();
    CountDownLatch stopped = new CountDownLatch(1);
    try (StopSignal signal = new StopSignal(Optional.empty(), err);
        ArchiveReader reader = imageName.open(archive, Console.notices(err));
        ArchiveServer server = ArchiveServer.start(reader, address, options)) {
      signal.onStop(stopped::countDown);
      signal.begin(exitCode -> {});
      OutOfMemory.endsOneAnswer(err);
      warn(server.address(), options);
      ArchiveRemarks remarks = new ArchiveRemarks(reader, archive.name(), Console.notices(err));
      remarks.nameUnfinished();
      remarks.nameLater();
      if (!reader.missingVolumes().isEmpty()) {
        err.println(
            "mirror-images: not given: "
                + String.join(", ", reader.missingVolumes())
                + ": images that need them can't be pulled");
      }
      out.println(
          "serving "
              + Units.count(reader.images().size(), "image")
              + (options.tls().isPresent() ? " on https://" : " on http://")
              + ArchiveServer.text(
                  InetSocketAddress.createUnresolved(host(), server.address().getPort())));
      out.flush();
      stopped.await();
      // That is how it is meant to end.
      archive.ended(reader, ExitCode.DONE);
      return signal.exitCode(ExitCode.INTERRUPTED);
    } catch (InterruptedException e) {
      return ExitCode.INTERRUPTED;
    }
  }

  private ServerOptions options() {
    ServerOptions options = ServerOptions.defaults();
    if ((tlsCert == null) != (tlsKey == null)) {
      throw new UsageException("--tls-cert and --tls-key go together");
    }
    if ((username != null) != passwordStdin) {
      throw new UsageException(
          "--username and --password-stdin go together: the password comes by standard input");
    }
    if (username != null && htpasswd != null) {
      throw new UsageException("give --htpasswd or --username, not both");
    }
    if (tlsCert != null) {
      options = options.with(CertifiedKey.serverContext(tlsCert, tlsKey));
    }
    if (htpasswd != null) {
      options = options.with(Passwords.htpasswd(htpasswd));
    }
    if (username != null) {
      options = options.with(Passwords.of(username, StandardInput.password()));
    }
    return options;
  }

  /** On the way to another machine everything can be read that is not said over TLS. */
  private void warn(InetSocketAddress address, ServerOptions options) {
    if (address.getAddress().isLoopbackAddress()) {
      return;
    }
    if (options.passwords().isEmpty()) {
      err.println(
          "mirror-images: everyone who reaches this address can pull: --htpasswd or --username asks"
              + " for a password");
    } else if (options.tls().isEmpty()) {
      err.println(
          "mirror-images: passwords come unencrypted over http: --tls-cert and --tls-key make it"
              + " https");
    }
  }

  private InetSocketAddress address() {
    try {
      int port = Integer.parseInt(listen.substring(listen.lastIndexOf(':') + 1));
      return new InetSocketAddress(host(), port);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--listen takes HOST:PORT, as in 127.0.0.1:5000");
    }
  }

  /** As it was given, an IPv6 address without its brackets. */
  private String host() {
    int colon = listen.lastIndexOf(':');
    String host = colon < 0 ? "127.0.0.1" : listen.substring(0, colon);
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }
}
