package ai.callmeback.simulators.twilio;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** Reads TwiML documents. */
final class Twiml {
    /** The vendor's bound on a document. */
    static final int MAX_BYTES = 64 * 1024;

    /** The vendor's bound on a stream parameter, name and value together. */
    static final int MAX_PARAMETER_CHARACTERS = 500;

    private Twiml() {}

    /** A document that cannot be used at all, with the vendor's code for that. */
    static final class BadDocument extends Exception {
        private static final long serialVersionUID = 1;

        private final int code;

        BadDocument(int code, String message) {
            super(message, null, false, false);
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    /** The verbs of a document, in order. */
    static List<Verb> parse(String document) throws BadDocument {
        if (document.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw new BadDocument(11750, "TwiML response body too large");
        }
        Element root = root(document);
        if (!root.getTagName().equals("Response")) {
            throw new BadDocument(12100, "The root of TwiML is <Response>, not <" + root.getTagName() + ">");
        }
        List<Verb> verbs = new ArrayList<>();
        for (Element child : children(root)) {
            verbs.add(verb(child));
        }
        return verbs;
    }

    private static Element root(String document) throws BadDocument {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            DocumentBuilder builder = factory.newDocumentBuilder();
            builder.setErrorHandler(null);
            return builder.parse(new InputSource(new StringReader(document.strip())))
                    .getDocumentElement();
        } catch (SAXException e) {
            throw new BadDocument(12100, "Document parse failure: " + e.getMessage());
        } catch (ParserConfigurationException | IOException e) {
            throw new IllegalStateException("no XML parser", e);
        }
    }

    private static Verb verb(Element element) {
        return switch (element.getTagName()) {
            case "Connect" -> connect(element);
            case "Redirect" -> new Verb.Redirect(element.getTextContent().strip(), method(element, "method"));
            case "Hangup" -> new Verb.Hangup();
            case "Say" -> new Verb.Say(element.getTextContent().strip(), number(element, "loop", 1));
            case "Pause" -> new Verb.Pause(number(element, "length", 1));
            case "Play" ->
                new Verb.Play(
                        attribute(element, "digits") == null
                                ? element.getTextContent().strip()
                                : null,
                        attribute(element, "digits"));
            case "Reject" ->
                new Verb.Reject(element.hasAttribute("reason") ? element.getAttribute("reason") : "rejected");
            default -> new Verb.Invalid(element.getTagName(), 12200, "this verb is not simulated");
        };
    }

    private static Verb connect(Element connect) {
        Element stream = null;
        for (Element child : children(connect)) {
            if (child.getTagName().equals("Stream")) {
                stream = child;
                break;
            }
        }
        if (stream == null) {
            return new Verb.Invalid("Connect", 12200, "only <Stream> is simulated in <Connect>");
        }
        String url = attribute(stream, "url");
        if (url == null) {
            return new Verb.Invalid("Stream", 12200, "<Stream> needs a url");
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        for (Element child : children(stream)) {
            if (child.getTagName().equals("Parameter")) {
                parameters.put(child.getAttribute("name"), child.getAttribute("value"));
            }
        }
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            if (parameter.getKey().isEmpty()
                    || parameter.getKey().length() + parameter.getValue().length() >= MAX_PARAMETER_CHARACTERS) {
                return new Verb.Invalid(
                        "Parameter", 12200, "name and value must be given and have less than 500 characters");
            }
        }
        return new Verb.ConnectStream(
                url,
                attribute(stream, "name"),
                parameters,
                attribute(stream, "statusCallback"),
                method(stream, "statusCallbackMethod"),
                attribute(connect, "action"),
                method(connect, "method"));
    }

    private static List<Element> children(Element parent) {
        List<Element> elements = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element) {
                elements.add(element);
            }
        }
        return elements;
    }

    private static @Nullable String attribute(Element element, String name) {
        String value = element.getAttribute(name);
        return value.isEmpty() ? null : value;
    }

    private static String method(Element element, String name) {
        return "GET".equalsIgnoreCase(element.getAttribute(name)) ? "GET" : "POST";
    }

    private static int number(Element element, String name, int absent) {
        String value = element.getAttribute(name);
        return value.matches("\\d{1,4}") ? Integer.parseInt(value) : absent;
    }
}
