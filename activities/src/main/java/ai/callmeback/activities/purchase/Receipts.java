package ai.callmeback.activities.purchase;

import ai.callmeback.db.purchase.Purchase;
import ai.callmeback.vendors.mail.Email;
import java.math.RoundingMode;

/** The receipt. The same purchase always gives the same text: the mail vendor compares repeats. */
final class Receipts {
    private Receipts() {}

    static Email email(Purchase purchase, String to) {
        String dollars =
                purchase.amount().toUsd().setScale(2, RoundingMode.UNNECESSARY).toPlainString();
        String text = "Thank you for your purchase.\n\n"
                + purchase.productTitle()
                + (purchase.quantity() > 1 ? " × " + purchase.quantity() : "")
                + "\nPaid: $" + dollars + "\nTalk credited: "
                + minutes(purchase.credits().seconds())
                + (purchase.bonus().seconds() > 0
                        ? "\nWith your coupon: " + minutes(purchase.bonus().seconds())
                        : "")
                + "\nPurchase: " + purchase.id()
                + (purchase.isTopUp()
                        ? "\n\nYour auto top-up bought it, with the card you saved. You can change it or switch it off at"
                                + " any time on the page Buy minutes."
                        : "")
                + "\n\nCall Me Back\n";
        String html = "<p>" + text.strip().replace("\n\n", "</p><p>").replace("\n", "<br>") + "</p>";
        return new Email(to, "Your receipt: $" + dollars, text, html);
    }

    private static String minutes(long seconds) {
        return seconds / 60 + " min" + (seconds % 60 == 0 ? "" : " " + seconds % 60 + " s");
    }
}
