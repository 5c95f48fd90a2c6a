package ai.callmeback.dev.strangers;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** One call of the strange telephone company, on a thread of its own, in real time. */
final class StrangersCall implements Runnable {

    final String sid;
    private final StrangersTwilio company;
    private final Map<String, String> form;
    private final int turns;
    private final Instant created = Instant.now();
    private volatile Instant answered;
    private volatile Instant ended;
    private volatile String status = "queued";
    private final CountDownLatch ending = new CountDownLatch(1);
    private volatile String redirect;
    private volatile StrangersPhone phone;
    private int sequence;

    StrangersCall(StrangersTwilio company, String sid, Map<String, String> form, int turns) {
        this.company = company;
        this.sid = sid;
        this.form = form;
        this.turns = turns;
    }

    String to() {
        return form.get("To");
    }

    boolean over() {
        return ended != null;
    }

    StrangersPhone phone() {
        return phone;
    }

    void end() {
        ending.countDown();
    }

    void redirect(String url) {
        redirect = url;
    }

    private boolean isEnding() {
        return ending.getCount() == 0;
    }

    boolean leaveStream() {
        return isEnding() || redirect != null;
    }

    @Override
    public void run() {
        try {
            tell("initiated", "initiated");
            ending.await(250, TimeUnit.MILLISECONDS);
            status = "ringing";
            tell("ringing", "ringing");
            if (!ending.await(900, TimeUnit.MILLISECONDS)) {
                answered = Instant.now();
                status = "in-progress";
                tell("answered", "in-progress");
                detect();
                follow(form.get("Url"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ended = Instant.now();
            status = answered == null ? "canceled" : "completed";
            tell("completed", status);
        }
    }

    private void detect() {
        if (form.containsKey("AsyncAmdStatusCallback")) {
            Thread.ofVirtual()
                    .start(() -> company.post(
                            form.get("AsyncAmdStatusCallback"),
                            StrangersTwilio.form(
                                    "CallSid",
                                    sid,
                                    "AccountSid",
                                    company.account,
                                    "AnsweredBy",
                                    "human",
                                    "MachineDetectionDuration",
                                    "2100")));
        }
    }

    /** Does what the documents say, verb by verb, until there is nothing more to do. */
    private void follow(String url) throws InterruptedException {
        String next = url;
        for (int documents = 0; next != null && !isEnding() && documents < 10; documents++) {
            String document = company.post(
                    next,
                    StrangersTwilio.form(
                            "CallSid",
                            sid,
                            "AccountSid",
                            company.account,
                            "From",
                            form.get("From"),
                            "To",
                            to(),
                            "CallStatus",
                            status,
                            "ApiVersion",
                            "2010-04-01",
                            "Direction",
                            "outbound-api"));
            next = verbs(document);
            if (redirect != null) {
                next = redirect;
                redirect = null;
            }
        }
    }

    private String verbs(String document) throws InterruptedException {
        NodeList verbs = parse(document).getChildNodes();
        for (int i = 0; i < verbs.getLength() && !leaveStream(); i++) {
            if (!(verbs.item(i) instanceof Element verb)) {
                continue;
            }
            switch (verb.getTagName()) {
                case "Connect" ->
                    connect((Element) verb.getElementsByTagName("Stream").item(0));
                case "Redirect" -> {
                    return verb.getTextContent().strip();
                }
                case "Hangup" -> {
                    return null;
                }
                default -> company.problems.add("unexpected verb " + verb.getTagName());
            }
        }
        return null;
    }

    private Element parse(String document) {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(document.getBytes(StandardCharsets.UTF_8)))
                    .getDocumentElement();
        } catch (Exception e) {
            throw new IllegalStateException("not TwiML: " + document, e);
        }
    }

    private void connect(Element stream) throws InterruptedException {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (Node node = stream.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element parameter) {
                parameters.put(parameter.getAttribute("name"), parameter.getAttribute("value"));
            }
        }
        StrangersPhone line = new StrangersPhone(this, company, parameters, phone == null ? turns : 0);
        if (phone == null) {
            phone = line;
        }
        if (line.talk(URI.create(stream.getAttribute("url")))) {
            ending.countDown();
        }
    }

    private void tell(String event, String callStatus) {
        if (!form.getOrDefault("StatusCallback", "").startsWith("http")) {
            company.problems.add("no status callback for " + event);
            return;
        }
        Map<String, String> callback = StrangersTwilio.form(
                "CallSid",
                sid,
                "AccountSid",
                company.account,
                "From",
                form.get("From"),
                "To",
                to(),
                "CallStatus",
                callStatus,
                "Direction",
                "outbound-api",
                "ApiVersion",
                "2010-04-01",
                "CallbackSource",
                "call-progress-events",
                "SequenceNumber",
                String.valueOf(sequence++),
                "Timestamp",
                StrangersTwilio.date(Instant.now()));
        if (ended != null) {
            callback.put("CallDuration", String.valueOf(seconds()));
            callback.put("Duration", String.valueOf((seconds() + 59) / 60));
        }
        company.post(form.get("StatusCallback"), callback);
    }

    private long seconds() {
        Instant from = answered;
        Instant until = ended;
        return from == null || until == null
                ? 0
                : Math.max(1, Math.round(Duration.between(from, until).toMillis() / 1000.0));
    }

    String json() {
        return "{\"sid\":\"" + sid + "\",\"account_sid\":\"" + company.account + "\",\"to\":\"" + to()
                + "\",\"from\":\"" + form.get("From") + "\",\"status\":\"" + status
                + "\",\"direction\":\"outbound-api\",\"api_version\":\"2010-04-01\",\"date_created\":\""
                + StrangersTwilio.date(created) + "\",\"start_time\":" + quoted(answered) + ",\"end_time\":"
                + quoted(ended) + ",\"duration\":" + (ended == null ? "null" : "\"" + seconds() + "\"")
                + ",\"price\":null,\"price_unit\":\"USD\",\"answered_by\":null}";
    }

    private static String quoted(Instant instant) {
        return instant == null ? "null" : "\"" + StrangersTwilio.date(instant) + "\"";
    }
}
