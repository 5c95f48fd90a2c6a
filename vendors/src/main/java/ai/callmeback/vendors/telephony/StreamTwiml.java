package ai.callmeback.vendors.telephony;

import ai.callmeback.vendors.settings.Urls;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the instructions that connect a call to media sockets: the streams one after the other, then a redirect for
 * more. When a stream ends, Twilio goes on to the next verb, with no process of ours in between. No {@code action}: it
 * would be fetched instead of going on.
 */
public final class StreamTwiml {

    static final int MAX_PARAMETER_CHARACTERS = 500;
    static final int MAX_DOCUMENT_CHARACTERS = 64 * 1024;

    private static final String HEAD = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>";

    private final List<String> verbs = new ArrayList<>();

    /**
     * Adds a bidirectional stream.
     *
     * @param url {@code wss}, or {@code ws} on a loopback host; Twilio allows no query, so there is none
     * @param parameters arrive in the stream's {@code customParameters}; name and value together below
     *     {@value #MAX_PARAMETER_CHARACTERS} characters each
     */
    public StreamTwiml stream(URI url, Map<String, String> parameters) {
        boolean scheme = "wss".equals(url.getScheme()) || ("ws".equals(url.getScheme()) && Urls.loopback(url));
        if (!scheme || url.getHost() == null) {
            throw new IllegalArgumentException("stream URL is '" + url + "', must be wss (ws on loopback only)");
        }
        if (url.getRawQuery() != null || url.getRawFragment() != null) {
            throw new IllegalArgumentException("stream URL has a query or fragment, use parameters");
        }
        StringBuilder verb = new StringBuilder("<Connect><Stream url=\"")
                .append(escape(url.toString()))
                .append("\">");
        parameters.forEach((name, value) -> {
            if (name.isEmpty() || name.length() + value.length() >= MAX_PARAMETER_CHARACTERS) {
                throw new IllegalArgumentException("parameter '" + name + "' has " + (name.length() + value.length())
                        + " characters with its value, must be below " + MAX_PARAMETER_CHARACTERS);
            }
            verb.append("<Parameter name=\"")
                    .append(escape(name))
                    .append("\" value=\"")
                    .append(escape(value))
                    .append("\"/>");
        });
        verbs.add(verb.append("</Stream></Connect>").toString());
        return this;
    }

    /** The document; {@code more} is asked (POST) for new instructions when all streams have ended. */
    public String write(@Nullable URI more) {
        StringBuilder document = new StringBuilder(HEAD);
        verbs.forEach(document::append);
        if (more != null) {
            document.append("<Redirect method=\"POST\">")
                    .append(escape(more.toString()))
                    .append("</Redirect>");
        }
        String text = document.append("</Response>").toString();
        if (text.length() > MAX_DOCUMENT_CHARACTERS) {
            throw new IllegalStateException(
                    "document has " + text.length() + " characters, must be at most " + MAX_DOCUMENT_CHARACTERS);
        }
        return text;
    }

    /** Silence for {@code seconds}, then {@code more} is asked (POST) what to do. */
    public static String pauseThen(int seconds, URI more) {
        return HEAD + "<Pause length=\"" + seconds + "\"/><Redirect method=\"POST\">" + escape(more.toString())
                + "</Redirect></Response>";
    }

    /** The vendor's own voice says {@code words}, then the call ends. */
    public static String sayThenHangUp(String words) {
        return HEAD + "<Say>" + escape(words) + "</Say><Hangup/></Response>";
    }

    /** Ends the call. */
    public static String hangUp() {
        return HEAD + "<Hangup/></Response>";
    }

    private static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&apos;");
                default -> {
                    if (c < ' ' || c == '\uFFFE' || c == '\uFFFF') {
                        throw new IllegalArgumentException("character " + (int) c + " is not allowed in XML");
                    }
                    escaped.append(c);
                }
            }
        }
        return escaped.toString();
    }
}
