package io.mirrorimages.tls;

import io.mirrorimages.image.ErrorWords;
import io.mirrorimages.image.InvalidContentException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads certificates and private keys in PEM (RFC 7468). Errors name the file, never its content.
 */
public final class PemFiles {
  private static final String PKCS8 = "PRIVATE KEY";

  private static final Pattern KEY =
      Pattern.compile("-----BEGIN ([A-Z ]*PRIVATE KEY)-----(.*?)-----END \\1-----", Pattern.DOTALL);

  private static final int LARGEST_KEY = 32 * 1024;

  private static final Pattern CERTIFICATE =
      Pattern.compile("-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----");

  private static final long LARGEST_BUNDLE = 16L * 1024 * 1024;

  private PemFiles() {}

  /** All certificates of the file, at least one, in their order. */
  public static List<X509Certificate> certificates(Path file) {
    try {
      List<X509Certificate> certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(read(file)))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (!certificates.isEmpty()) {
        return certificates;
      }
    } catch (CertificateException e) {
      throw new InvalidContentException(
          file + " is not a PEM file with certificates: give a file with BEGIN CERTIFICATE", e);
    }
    throw new InvalidContentException(
        file + " has no certificate in it: give a file with BEGIN CERTIFICATE");
  }

  /**
   * The certificates of the file that can be read, one by one; none, without a word, if it is
   * something else, is not to be read, or would take long.
   */
  static List<X509Certificate> readable(Path file) {
    List<X509Certificate> found = new ArrayList<>();
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > LARGEST_BUNDLE) {
        return found;
      }
      byte[] bytes = Files.readAllBytes(file);
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      Matcher pem = CERTIFICATE.matcher(new String(bytes, StandardCharsets.ISO_8859_1));
      boolean any = false;
      while (pem.find()) {
        any = true;
        add(factory, pem.group().getBytes(StandardCharsets.ISO_8859_1), found);
      }
      if (!any) {
        add(factory, bytes, found);
      }
    } catch (IOException | CertificateException e) {
      // Somebody else's.
    }
    return found;
  }

  private static void add(CertificateFactory factory, byte[] one, List<X509Certificate> found) {
    try {
      found.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(one)));
    } catch (CertificateException e) {
      // The others of the file are good all the same.
    }
  }

  /**
   * The one private key of the file, not encrypted: RSA, EC or EdDSA in PKCS#8, or in the forms of
   * before.
   */
  static PrivateKey privateKey(Path file) {
    Matcher pem = KEY.matcher(new String(read(file), StandardCharsets.ISO_8859_1));
    if (!pem.find()) {
      throw new InvalidContentException(file + " has no private key in it");
    }
    String form = pem.group(1);
    if (pem.group(2).contains(": 4,ENCRYPTED")) {
      throw notRead(file, "ENCRYPTED " + form);
    }
    byte[] der;
    try {
      der = Base64.getMimeDecoder().decode(pem.group(2));
    } catch (IllegalArgumentException e) {
      throw new InvalidContentException(file + " has a damaged private key in it", e);
    }
    if (der.length > LARGEST_KEY) {
      throw new InvalidContentException(file + " has a private key that is too large to be one");
    }
    boolean traditional = !form.equals(PKCS8);
    if (traditional) {
      der = TraditionalKey.toPkcs8(form, der).orElseThrow(() -> notRead(file, form));
    }
    for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
      } catch (GeneralSecurityException e) {
        // The key does not say simply what it is; the next algorithm may read it.
      }
    }
    throw traditional
        ? notRead(file, form)
        : new InvalidContentException(
            file + " holds a private key that is damaged or neither RSA, EC nor EdDSA");
  }

  private static InvalidContentException notRead(Path file, String form) {
    return new InvalidContentException(
        file
            + " holds a \""
            + form
            + "\", which is not read: convert it with openssl pkcs8 -topk8 -nocrypt -in "
            + file
            + " -out "
            + file
            + ".pk8");
  }

  /** A store in memory, for what was read. */
  static KeyStore emptyStore() throws GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try {
      store.load(null, new char[0]);
    } catch (IOException e) {
      throw new IllegalStateException("nothing is read for an empty key store", e);
    }
    return store;
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new InvalidContentException(file + " does not exist", e);
    } catch (AccessDeniedException e) {
      throw new InvalidContentException("cannot read " + file + ": permission denied", e);
    } catch (IOException e) {
      throw new InvalidContentException(
          "cannot read " + file + ": " + ErrorWords.withoutFile(e), e);
    }
  }
}
