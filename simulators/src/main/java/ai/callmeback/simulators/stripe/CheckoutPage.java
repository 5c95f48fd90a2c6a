package ai.callmeback.simulators.stripe;

import java.math.BigDecimal;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.HtmlUtils;

/** The page to click through: a good card, a declined one, a bank debit, or back. */
@RestController
@RequestMapping("/stripe/checkout")
class CheckoutPage {
    private final Account account;
    private final SavedCards cards;
    private final StripeMemory memory;

    CheckoutPage(Account account, SavedCards cards, StripeMemory memory) {
        this.memory = memory;
        this.account = account;
        this.cards = cards;
    }

    @GetMapping("/{id}")
    ResponseEntity<String> show(@PathVariable String id) {
        return page(id, "");
    }

    @PostMapping("/{id}/{way}")
    ResponseEntity<String> pay(@PathVariable String id, @PathVariable String way) {
        try {
            Way by = Way.valueOf(way.toUpperCase(Locale.ROOT));
            boolean done = memory.together(() -> cards.pay(id, by));
            if (!done) {
                return page(id, "The card was declined. Try another way to pay.");
            }
            String success = String.valueOf(account.find("checkout session", id).get("success_url"));
            return ResponseEntity.status(HttpStatus.SEE_OTHER)
                    .location(URI.create(success.replace("{CHECKOUT_SESSION_ID}", id)))
                    .build();
        } catch (StripeError | IllegalArgumentException e) {
            return page(id, String.valueOf(e.getMessage()));
        }
    }

    private ResponseEntity<String> page(String id, String notice) {
        Map<String, Object> session;
        try {
            session = account.find("checkout session", id);
        } catch (StripeError e) {
            return html(404, "<h1>There is no such checkout</h1>");
        }
        String amount = session.get("amount_total") instanceof Long cents
                ? BigDecimal.valueOf(cents, 2).toPlainString() + " "
                        + String.valueOf(session.get("currency")).toUpperCase(Locale.ROOT)
                : "Nothing is charged now.";
        String words = "<h1>" + HtmlUtils.htmlEscape(account.title(session)) + "</h1><p>" + HtmlUtils.htmlEscape(amount)
                + "</p><p role=\"status\">" + HtmlUtils.htmlEscape(notice) + "</p>";
        if (!"open".equals(session.get("status"))) {
            return html(200, words + "<p>This checkout is " + session.get("status") + ".</p>");
        }
        if ("setup".equals(session.get("mode"))) {
            return html(
                    200,
                    words
                            + button(id, "card", "Save a card")
                            + button(id, "declined_card", "Save a card that is declined")
                            + button(id, "declined_later", "Save a card that is declined later")
                            + button(id, "asked_later", "Save a card whose bank will ask its owner")
                            + back(session));
        }
        return html(
                200,
                words
                        + button(id, "card", "Pay by card")
                        + button(id, "declined_card", "Pay by a card that is declined")
                        + ("payment".equals(session.get("mode"))
                                ? button(id, "bank_debit", "Pay by bank debit (takes days)")
                                : "")
                        + back(session));
    }

    private static String back(Map<String, Object> session) {
        return "<p><a href=\"" + HtmlUtils.htmlEscape(String.valueOf(session.get("cancel_url")))
                + "\">Back without paying</a></p>";
    }

    private static String button(String id, String way, String words) {
        return "<form method=\"post\" action=\"/stripe/checkout/" + HtmlUtils.htmlEscape(id) + "/" + way + "\"><button>"
                + words + "</button></form>";
    }

    private static ResponseEntity<String> html(int status, String body) {
        return ResponseEntity.status(status)
                .contentType(MediaType.parseMediaType("text/html;charset=UTF-8"))
                .body("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\""
                        + " content=\"width=device-width\"><title>Simulated checkout</title><style>body{font:1.1rem"
                        + " system-ui;max-width:26rem;margin:3rem auto;padding:0 1rem}button{font:inherit;padding:.7rem"
                        + " 1rem;width:100%;margin:.3rem 0}</style><main><p>Simulated checkout: no money moves here.</p>"
                        + body + "</main></html>");
    }
}
