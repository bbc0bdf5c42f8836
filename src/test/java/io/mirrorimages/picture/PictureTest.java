package io.mirrorimages.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Checks the picture of a run that both READMEs show, as {@code scripts/picture} made it. */
class PictureTest {
  private static final Path PICTURE = Path.of("src/site/resources/run.svg");
  private static final int MOST_BYTES = 100_000;

  private Document svg;

  @BeforeEach
  void parseStrictly() throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    svg = factory.newDocumentBuilder().parse(PICTURE.toFile());
  }

  @Test
  void isASmallSvgWithATitle() throws IOException {
    Element root = svg.getDocumentElement();

    assertThat(root.getNamespaceURI()).isEqualTo("http://www.w3.org/2000/svg");
    assertThat(root.getLocalName()).isEqualTo("svg");
    assertThat(root.getElementsByTagName("title").item(0).getTextContent()).isNotBlank();
    assertThat(Files.size(PICTURE)).isLessThan(MOST_BYTES);
  }

  @Test
  void hasNothingFromElsewhereAndNoScript() throws IOException {
    Set<String> allowed =
        Set.of("svg", "title", "desc", "style", "defs", "g", "rect", "text", "use");
    List<String> targets = new ArrayList<>();
    for (Element element : elements("*")) {
      assertThat(allowed).contains(element.getLocalName());
      if (element.getLocalName().equals("use")) {
        targets.add(element.getAttribute("href"));
      }
    }
    Set<String> defined = Set.copyOf(elements("g").stream().map(g -> "#" + id(g)).toList());

    assertThat(targets).isNotEmpty().allMatch(defined::contains);
    assertThat(Files.readString(PICTURE)).doesNotContain("url(", "@import", "javascript:");
  }

  @Test
  void isReadableInLightAndDarkModeAndWithoutMotion() {
    assertThat(elements("style").getFirst().getTextContent())
        .contains("prefers-color-scheme:dark", "prefers-reduced-motion:reduce");
  }

  @Test
  void showsCommandsOfTheReadme() throws IOException {
    List<String> commands =
        elements("desc").getFirst().getTextContent().lines().filter(l -> !l.isBlank()).toList();
    String drawn = drawn();

    assertThat(commands).isNotEmpty();
    assertThat(Files.readString(Path.of("README.md"))).contains(commands);
    assertThat(commands)
        .allSatisfy(command -> assertThat(drawn).contains(List.of(command.split(" "))));
  }

  @Test
  void isShownByBothReadmes() throws IOException {
    for (String readme : List.of("README.md", "README.zh-CN.md")) {
      assertThat(Files.readString(Path.of(readme))).contains("](" + PICTURE + ")");
    }
  }

  /** All texts, with the rows that a long command takes put together. */
  private String drawn() {
    StringBuilder texts = new StringBuilder();
    elements("text").forEach(text -> texts.append(text.getTextContent()));
    return texts.toString();
  }

  private List<Element> elements(String name) {
    NodeList nodes = svg.getElementsByTagName(name);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }

  private static String id(Element element) {
    return element.getAttribute("id");
  }
}
