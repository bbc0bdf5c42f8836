package io.mirrorimages.testing.harbor;

import io.mirrorimages.image.Json;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import tools.jackson.databind.JsonNode;

/**
 * Requests to a Harbor by one user, with Basic, which needs no token and no cookie. Independent of
 * what is tested. Thread-safe.
 */
final class HarborCalls {
  private static final int PATIENCE = 60_000;

  private final HarborServer server;
  private final Optional<SSLContext> tls;

  HarborCalls(HarborServer server) {
    this.server = server;
    this.tls = server.url().getScheme().equals("https") ? context(server) : Optional.empty();
  }

  /**
   * What came back.
   *
   * @param status the HTTP status
   * @param body the body, as far as it is text
   * @param location the header, or empty
   */
  record Reply(int status, String body, String location) {
    JsonNode json() {
      return Json.MAPPER.readTree(body.isEmpty() ? "null" : body);
    }

    boolean went() {
      return status >= 200 && status < 300;
    }

    /** The number at the end of the Location. */
    int id() {
      return Integer.parseInt(location.substring(location.lastIndexOf('/') + 1));
    }
  }

  /** A request without a body. */
  Reply call(String method, String target) throws IOException {
    return call(method, target, Optional.empty());
  }

  /** A request with something that is written as JSON. */
  Reply call(String method, String target, Object body) throws IOException {
    return call(method, target, Optional.of(Json.MAPPER.writeValueAsBytes(body)));
  }

  private Reply call(String method, String target, Optional<byte[]> body) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) URI.create(server.url() + target).toURL().openConnection();
    if (connection instanceof HttpsURLConnection https) {
      tls.ifPresent(context -> https.setSSLSocketFactory(context.getSocketFactory()));
      if (server.insecure()) {
        https.setHostnameVerifier((host, session) -> true);
      }
    }
    connection.setRequestMethod(method);
    connection.setConnectTimeout(PATIENCE);
    connection.setReadTimeout(PATIENCE);
    connection.setInstanceFollowRedirects(false);
    connection.setRequestProperty("Authorization", authorization());
    connection.setRequestProperty("Accept", "application/json");
    // A project's name may be a number, which would be taken for its id.
    connection.setRequestProperty("X-Is-Resource-Name", "true");
    if (body.isPresent()) {
      connection.setRequestProperty("Content-Type", "application/json");
      connection.setDoOutput(true);
      connection.getOutputStream().write(body.get());
    }
    int status = connection.getResponseCode();
    try (InputStream in =
        status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      String text = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new Reply(
          status, text, Optional.ofNullable(connection.getHeaderField("Location")).orElse(""));
    }
  }

  private String authorization() {
    String plain = server.username() + ":" + server.password();
    return "Basic " + Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
  }

  private static Optional<SSLContext> context(HarborServer server) {
    if (!server.insecure() && server.ca().isEmpty()) {
      return Optional.empty();
    }
    try {
      TrustManager[] trust =
          server.insecure()
              ? new TrustManager[] {new TrustsAnyone()}
              : trusting(server.ca().orElseThrow().toString());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust, null);
      return Optional.of(context);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("harbor.ca: " + e.getMessage(), e);
    }
  }

  private static TrustManager[] trusting(String file) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = new FileInputStream(file)) {
      int number = 0;
      for (Certificate known : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("ca-" + number++, known);
      }
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static final class TrustsAnyone implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
