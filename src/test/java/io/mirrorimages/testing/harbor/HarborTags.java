package io.mirrorimages.testing.harbor;

import com.sun.net.httpserver.HttpExchange;
import io.mirrorimages.image.Json;
import io.mirrorimages.testing.FaultyRegistry;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** The list of tags by pages, which the registry behind does not have: all where no n is asked. */
final class HarborTags {
  private HarborTags() {}

  static void page(HttpExchange exchange, String repository, byte[] all) throws IOException {
    Map<String, String> query = HarborApi.query(exchange);
    int most = Integer.parseInt(query.getOrDefault("n", Integer.toString(Integer.MAX_VALUE)));
    String last = query.getOrDefault("last", "");
    List<String> left =
        StreamSupport.stream(Json.MAPPER.readTree(all).path("tags").spliterator(), false)
            .map(JsonNode::asString)
            .sorted()
            .filter(tag -> tag.compareTo(last) > 0)
            .toList();
    List<String> page = left.stream().limit(most).toList();
    if (page.size() < left.size()) {
      String next = "/v2/" + repository + "/tags/list?last=" + page.getLast() + "&n=" + most;
      exchange.getResponseHeaders().add("Link", "<" + next + ">; rel=\"next\"");
    }
    byte[] body = Json.MAPPER.writeValueAsBytes(Map.of("name", repository, "tags", page));
    FaultyRegistry.respond(exchange, 200, body, "Content-Type: application/json");
  }
}
