package io.mirrorimages.tls;

import io.mirrorimages.image.InvalidContentException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A certificate chain and its private key, by which one side of a connection identifies itself. */
public final class CertifiedKey {
  private static final char[] NO_PASSWORD = {};

  private CertifiedKey() {}

  /**
   * The context of a server that shows the certificate.
   *
   * @param certFile PEM certificate chain, the server's own first
   * @param keyFile its private key, PEM in PKCS#8
   * @throws InvalidContentException with a line for the user, if the files can't be used
   */
  public static SSLContext serverContext(Path certFile, Path keyFile) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers(certFile, keyFile), null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK speaks TLS", e);
    }
  }

  /** What shows the certificate in a handshake; errors as above. */
  static KeyManager[] managers(Path certFile, Path keyFile) {
    X509Certificate[] chain = PemFiles.certificates(certFile).toArray(X509Certificate[]::new);
    PrivateKey key = PemFiles.privateKey(keyFile);
    try {
      if (!belong(chain[0].getPublicKey(), key)) {
        throw doNotWork(certFile, keyFile, null);
      }
      KeyStore store = PemFiles.emptyStore();
      store.setKeyEntry("own", key, NO_PASSWORD, chain);
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, NO_PASSWORD);
      return factory.getKeyManagers();
    } catch (GeneralSecurityException e) {
      throw doNotWork(certFile, keyFile, e);
    }
  }

  /** Whether the files can be used. */
  static boolean isUsable(Path certFile, Path keyFile) {
    try {
      managers(certFile, keyFile);
      return true;
    } catch (InvalidContentException e) {
      return false;
    }
  }

  /** Nothing else says that they do not, until the first handshake fails. */
  private static boolean belong(PublicKey certified, PrivateKey key)
      throws GeneralSecurityException {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> "EdDSA";
        };
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(certified.getEncoded());
    byte[] signed = signature.sign();
    signature.initVerify(certified);
    signature.update(certified.getEncoded());
    return signature.verify(signed);
  }

  private static InvalidContentException doNotWork(
      Path certFile, Path keyFile, @Nullable GeneralSecurityException cause) {
    return new InvalidContentException(
        certFile + " and " + keyFile + " do not work together: the key is another certificate's",
        cause);
  }
}
