package io.mirrorimages.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A certificate authority of a test, and the certificates it signs; all in one folder. */
public final class Authority {
  private static final String NEW_KEY = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";

  private final Path folder;

  /** Makes one. */
  public Authority(Path folder) throws IOException {
    this.folder = folder;
    openssl(
        "req -x509 "
            + NEW_KEY
            + " -days 400 -subj /CN=Test-CA -keyout ca.key -out "
            + certificate());
  }

  /**
   * What a server shows.
   *
   * @param certificate PEM
   * @param key PEM, PKCS#8
   */
  public record Issued(Path certificate, Path key) {}

  /** Its own certificate, to be trusted. */
  public Path certificate() {
    return folder.resolve("ca.pem");
  }

  /**
   * Signs a certificate.
   *
   * @param name the host it is for
   * @param san whether that is said in a subject alternative name too
   * @param days how long it is valid; -1 for one that expired yesterday
   */
  public Issued issue(String name, boolean san, int days) throws IOException {
    Path key = folder.resolve(name + days + ".key");
    Path certificate = folder.resolve(name + days + ".pem");
    String names = san ? " -addext subjectAltName=DNS:" + name : "";
    openssl("req " + NEW_KEY + " -subj /CN=" + name + names + " -keyout " + key + " -out own.csr");
    openssl(
        "x509 -req -in own.csr -CA ca.pem -CAkey ca.key -CAcreateserial -copy_extensions copy"
            + (" -days " + days + " -out " + certificate));
    return new Issued(certificate, key);
  }

  /** Signs a certificate for a host that is valid in some decades only. */
  public Issued issueForLater(String name) throws IOException {
    Path key = folder.resolve("later.key");
    Path certificate = folder.resolve("later.pem");
    Files.writeString(
        folder.resolve("ca.cnf"),
        """
        [ca]
        default_ca = own
        [own]
        new_certs_dir = .
        database = index
        rand_serial = yes
        default_md = sha256
        policy = any
        copy_extensions = copy
        [any]
        commonName = supplied
        """);
    Files.writeString(folder.resolve("index"), "");
    openssl(
        "req %s -subj /CN=%s -addext subjectAltName=DNS:%s -keyout %s -out own.csr"
            .formatted(NEW_KEY, name, name, key));
    openssl(
        "ca -batch -notext -config ca.cnf -cert ca.pem -keyfile ca.key -startdate 20900101000000Z"
            + (" -enddate 20910101000000Z -in own.csr -out " + certificate));
    return new Issued(certificate, key);
  }

  private void openssl(String arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments.split(" ")));
    Path log = folder.resolve("openssl.log");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      if (process.waitFor() != 0) {
        throw new IllegalStateException("openssl failed: " + Files.readString(log));
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
