package io.mirrorimages.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class UploadProxyTest {
  private static final String PATCH =
      "PATCH /v2/a/blobs/uploads/1 HTTP/1.1\r\nContent-Length: 20\r\n\r\n";

  @Test
  void theClientOfAPatchThatIsCutHearsOfItWhenTheRegistryIsDoneWithIt() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        UploadProxy proxy = new UploadProxy("127.0.0.1:" + server.getLocalPort())) {
      proxy.cut(1, 10);
      int port = Integer.parseInt(proxy.name().replaceFirst(".*:", ""));
      try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
          Socket registry = server.accept()) {
        client.getOutputStream().write((PATCH + "x".repeat(20)).getBytes(StandardCharsets.UTF_8));
        byte[] arrived = registry.getInputStream().readAllBytes();
        assertThat(new String(arrived, StandardCharsets.UTF_8)).isEqualTo(PATCH + "x".repeat(10));

        InputStream answer = client.getInputStream();
        client.setSoTimeout(100);
        assertThatThrownBy(answer::read).isInstanceOf(SocketTimeoutException.class);
        client.setSoTimeout(0);
        registry.shutdownOutput();
        assertThat(answer.read()).isNegative();
      }
    }
  }
}
