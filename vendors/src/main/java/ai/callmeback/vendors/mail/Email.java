package ai.callmeback.vendors.mail;

/** @param to one address; {@code toString} shows neither it nor the content */
public record Email(String to, String subject, String text, String html) {

    @Override
    public String toString() {
        return "Email[" + text.length() + " characters]";
    }
}
